"""The Model Context Protocol: what language models may ask, over stdio and over HTTP. All of it only reads.

`tools` decides without knowing the protocol; `server` alone imports the SDK, which takes a second and some
30 MB, so that whoever does not use it does not pay for it.
"""
