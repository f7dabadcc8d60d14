"""Print what an application's services are: those of a MultiService a line."""

import argparse
import sys

from twisted.application.service import IServiceCollection, loadApplication


def parse_args():
    parser = argparse.ArgumentParser(sys.argv[0], description=__doc__)
    parser.add_argument('application_file', help='what twistd --python runs')
    return parser.parse_args()


def show(services):
    """Print the services by name, after those that they hold themselves."""
    names = []
    for service in services:
        if IServiceCollection.providedBy(service):
            show(service)
        else:
            names.append(type(service).__name__)
    if names:
        print(' and '.join(sorted(names)))


def main():
    args = parse_args()
    try:
        application = loadApplication(args.application_file, 'python')
    except OSError as error:
        sys.exit(f'Cannot read {args.application_file}: {error.strerror}')
    except KeyError:
        sys.exit(f'No application in {args.application_file}.')
    show(IServiceCollection(application))


if __name__ == '__main__':
    main()
