"""JupyterHub's settings for a class; docs/jupyterhub.md says what is there before it starts."""

c = get_config()  # noqa: F821

# Who has an account on this machine logs in with its password. The login name is what the exchange
# and the gradebook call a student.
c.Authenticator.allow_all = True
c.JupyterHub.load_groups = {"instructors": {"users": ["ines"]}}

# JupyterHub's proxy, in its Python port: the original wants Node. It waits an hour at most for an
# answer, as the formgrader grades a hand-in before it answers; where nothing is said, the port
# waits 20 s, and the formgrader then says "There was an error autograding".
c.ConfigurableHTTPProxy.command = [
    "/opt/jupyterhub/bin/configurable-http-proxy",
    "--proxy-timeout=3600000",
]

# A student's server: JupyterLab, nbgrader and the package `course`. No autograder lies in it, and
# so no answer.
c.Spawner.cmd = ["/opt/jupyterhub/bin/jupyterhub-singleuser"]
c.Spawner.group_overrides = {
    "instructors": {
        "groups": ["instructors"],
        "spawner_override": {
            "cmd": ["/opt/surprise-to-autograd/.venv/bin/jupyterhub-singleuser"],
            # The formgrader's tab is a frame, and JupyterHub forbids its pages to be in one: where
            # this is missing, the tab says "refused to connect".
            "args": [
                "--ServerApp.tornado_settings={'headers': "
                "{'Content-Security-Policy': \"frame-ancestors 'self'\"}}"
            ],
        },
    }
}
