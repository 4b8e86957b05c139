"""What is read and shown: the dashboard's pages, the API's view of a submission, health."""
