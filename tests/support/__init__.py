"""What several tests share and is no fixture: clusters, PostgreSQL servers, gradebooks, totals."""
