"""The database: all models, one line of migrations, and the functions that read and write them."""
