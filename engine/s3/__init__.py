"""S3: its settings, which go to every process of a job, and the file system that they ask for."""
