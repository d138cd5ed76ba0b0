"""An AWS for `overdue deploy`: moto's server, with resources that its CloudFormation does not know passed as made."""
import sys

from moto.cloudformation import parsing
from moto.server import main


class Passed:
    """A resource by its name alone. Each of its attributes is a text of the right look."""

    def __init__(self, name):
        self.physical_resource_id = name

    @classmethod
    def has_cfn_attr(cls, attribute):
        return True

    def get_cfn_attribute(self, attribute):
        if attribute.endswith("Url"):
            return f"https://{self.physical_resource_id}.example/"
        return f"arn:aws:passed:us-east-1:123456789012:{self.physical_resource_id}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, *rest, **named):
        return cls(resource_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, *rest, **named):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, *rest, **named):
        pass

    @classmethod
    def is_updated(cls, *rest):
        return False

    @staticmethod
    def is_replacement_update(*rest):
        return False


for kind in sys.argv[2].split(","):
    parsing.get_model_map().setdefault(kind, type(kind.replace("::", ""), (Passed,), {}))

main(["-H", "127.0.0.1", "-p", sys.argv[1]])
