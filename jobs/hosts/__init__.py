"""A processing job on several hosts: who they are, what they hold, and the Spark cluster that they make together."""
