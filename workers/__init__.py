"""The Celery application, its tasks and the sweeper: they run what moderator/usecases does."""
