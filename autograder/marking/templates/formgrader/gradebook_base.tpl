{#- nbgrader's page of this name, with a way to the marking page. -#}
{%- extends "nbgrader/gradebook_base.tpl" -%}

{%- block sidebar -%}
{{ super() }}
<li role="presentation"><a href="{{ base_url }}/autograder/marking">Mark by Question</a></li>
{%- endblock -%}
