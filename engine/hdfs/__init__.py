"""HDFS: which client reaches it, and the one without Java as a file system of Arrow's."""
