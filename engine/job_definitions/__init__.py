"""SageMaker's job definitions and monitoring schedules, read and turned into what runs here."""
