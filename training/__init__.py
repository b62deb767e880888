"""Makes the static table of word vectors that the package ships, from paper text alone. See README.md."""
