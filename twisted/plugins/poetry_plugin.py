"""The fast poetry server 4.0, for twist and twistd to find by name."""

from twisted.application.service import ServiceMaker

# the module is imported when it is asked for
service_maker = ServiceMaker(
    'poetry',
    'twisted-server-5.fastpoetry',
    'A fast poetry service, on any endpoint.',
    'poetry',
)
