from datetime import datetime, timezone


def main(args):
    entry = f"{args.get('name', 'stranger')} visited {args['place']}"
    # What an action prints is in the logs of its activation.
    print(datetime.now(timezone.utc).isoformat(timespec="seconds"), entry)
    return {"entry": entry}
