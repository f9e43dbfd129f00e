"""The bridge to the real Deequ: its published jar, run on the data of a job.

``config.py`` holds what a user may write, ``session.py`` brings the jar into a Spark session, ``running.py`` evaluates checks and
rules. No Python function is ever called from the JVM: an assertion is parsed into bounds and compared by a Java class that Spark's
own compiler makes at the start (``Assertion.java``), so that there is no callback server that could keep a process alive, and
row-level results work on a cluster.
"""
