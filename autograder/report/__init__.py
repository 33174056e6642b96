"""What a class learnt, from its gradebook and the judge's rows: pages, pictures, tables, exports.

`collect` reads a course folder, `statistics` and `phrases` say what the numbers mean, `pictures`
and `pages` show it. `export` writes the scores for other systems, `feedback` the top of a
student's page.
"""
