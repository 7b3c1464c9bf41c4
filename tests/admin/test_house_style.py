"""The pages of the house style."""

from django.urls import reverse

from articles.models import HouseRule


def test_a_subeditor_adds_a_rule_and_tries_it_on_a_text(at, subeditor):
    client = at(subeditor)
    rule = {
        "kind": "wording",
        "text": "drones strike",
        "expansion": "drone strike",
        "level": "warning",
        "is_active": "on",
    }

    client.post(reverse("admin:articles_houserule_add"), rule)
    page = client.post(reverse("admin:articles_houserule_try"), {"text": "A drones strike cost $2 million dollars."})

    assert HouseRule.objects.get(text="drones strike").changed_by == subeditor
    told = page.content.decode()
    assert "Write “drone strike”." in told
    assert "names the currency twice" in told


def test_a_rule_that_is_there_already_is_said_beside_its_field(at, subeditor):
    rule = {"kind": "wording", "text": "boots on the ground", "level": "warning"}

    page = at(subeditor).post(reverse("admin:articles_houserule_add"), rule)

    assert page.status_code == 200
    assert HouseRule.objects.filter(text="boots on the ground").count() == 1
    assert "already exists" in page.content.decode()
