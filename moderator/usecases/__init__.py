"""What the service does, a use case a file: intake, judge, answering (who waits for a verdict),
deliver, moderate, learn, linkback (verify sources again), operate, offline; `run` claims work.
"""
