"""The site: what staff read, as a folder of files that opens without a server."""
