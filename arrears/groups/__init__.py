"""Workers of several claims brought together or apart: 并案 (carrying), 拆案 (splitting)."""
