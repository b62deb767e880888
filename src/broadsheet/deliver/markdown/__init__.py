"""Each page as a document in Markdown, for people and programs: `.md` behind its path, or by Accept."""
