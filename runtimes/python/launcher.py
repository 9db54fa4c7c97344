"""The launcher of Python actions: lines of JSON in on standard input, lines of JSON out on descriptor 3.

The first line is {main, code | dir, env} and is answered with {"ok": true} or {"error": text}; each further line is
the body of one /run and is answered with the action's result. See runtimes/proxy/launcher.cjs.
"""

import io
import json
import os
import sys

encode_result = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Output(io.FileIO):
    """Standard output or error; knows whether the last byte ended a line."""

    at_line_start = True

    def write(self, data):
        if len(data) > 0:
            self.at_line_start = data[-1] == 10
        return super().write(data)


class Logs:
    """What the action prints. Line by line, so that it is there when the process is killed at its deadline."""

    def __init__(self):
        self.raw = Output(1, "wb", closefd=False), Output(2, "wb", closefd=False)
        self.text = [
            io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True) for raw in self.raw
        ]
        sys.stdout, sys.stderr = self.text

    def flush(self):
        for stream in self.text:
            stream.flush()

    def end(self):
        """Before an answer: the marker of the log's end, which the proxy writes, gets a line of its own."""
        self.flush()
        for raw in self.raw:
            if not raw.at_line_start:
                raw.write(b"\n")


def open_channels():
    """The lines in and the lines out, moved to where neither the action nor its children come across them."""
    lines_in = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.set_inheritable(3, False)
    return open(lines_in, "rb", buffering=1 << 16), open(3, "wb", buffering=1 << 16)


class InitError(Exception):
    """What the developer of the action has to mend; needs no traceback."""


def activate_virtualenv(folder):
    """Makes the packages of a virtualenv in the archive importable."""
    script = next((p for p in (folder + "/bin/activate_this.py", folder + "/Scripts/activate_this.py") if os.path.exists(p)), None)
    if script:
        with open(script) as file:
            exec(compile(file.read(), script, "exec"), {"__file__": script, "__name__": "activate_this"})
        return
    # `python -m venv` makes none; its packages are found all the same.
    import glob
    import site

    found = glob.glob(folder + "/lib/python*/site-packages")
    if not found:
        raise InitError("Invalid virtualenv. Zip file does not include 'activate_this.py'.")
    for packages in found:
        site.addsitedir(packages)


# The second is what archives have that OpenWhisk's images have compiled, beside an `exec` of theirs that starts it.
ENTRY_FILES = "__main__.py", "main__.py", "exec"


class Source:
    """The loader of code that is in no file: Python asks it for the lines of tracebacks and of `inspect`."""

    def __init__(self, text):
        self.text = text

    def get_source(self, _name):
        return self.text


def load(init):
    """The function to run. Raises what the code raises while it is imported."""
    os.environ.update(init.get("env") or {})
    # Its first entry is this file's folder, which is none of the action's business.
    sys.path.pop(0)
    folder = init.get("dir")
    if folder is None:
        file, source = "__main__.py", init["code"]
    else:
        os.chdir(folder)
        sys.path.insert(0, folder)
        if os.path.isdir(folder + "/virtualenv"):
            activate_virtualenv(folder + "/virtualenv")
        file = next((f for f in (folder + "/" + name for name in ENTRY_FILES) if os.path.exists(f)), None)
        if not file:
            raise InitError("Zip file does not include __main__.py")
        with open(file, "rb") as code:
            source = code.read()

    # Not "__main__": the part of a script that is for the command line is not meant to run here.
    module = type(sys)("main__")
    module.__file__ = file
    sys.modules["main__"] = module
    if folder is None:
        module.__loader__ = Source(source)
        module.__spec__ = type(sys.__spec__)("main__", module.__loader__)
    exec(compile(source, file, "exec"), module.__dict__)
    found = module
    for part in init["main"].split("."):
        found = getattr(found, part, None)
    if not callable(found):
        raise InitError("Action entrypoint '%s' is not a function." % init["main"])
    return found


def print_traceback(error):
    """To standard error, without the frames of this file."""
    import traceback

    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames)


exported = {}


def export_context(message):
    """Exports `activation_id` as __OW_ACTIVATION_ID and so on; takes back what the run before had and this one lacks."""
    environ = os.environ
    for key, value in message.items():
        if key == "value" or type(value) not in (str, int, float):
            continue
        name = "__OW_" + key.upper()
        if name not in exported:
            exported[name] = environ.get(name)
        environ[name] = str(value)
    for name in [name for name in exported if name[5:].lower() not in message]:
        before = exported.pop(name)
        if before is None:
            environ.pop(name, None)
        else:
            environ[name] = before


def encode(result):
    """One line of JSON; null, which the proxy takes for no result, when it cannot be written as JSON."""
    try:
        return encode_result(result).encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair: JSON can only have it escaped.
        return json.dumps(result).encode("ascii")
    except Exception as error:
        print("The result cannot be written as JSON: %s" % error, file=sys.stderr)
        return b"null"


def run(main, message):
    if type(message) is not dict:
        message = {}
    export_context(message)
    try:
        value = message.get("value")
        result = main({} if value is None else value)
    except Exception as error:
        print_traceback(error)
        result = {"error": str(error) or type(error).__name__}
    return encode(result)


def serve(logs):
    lines, answers = open_channels()

    def answer(line):
        answers.write(line + b"\n")
        answers.flush()

    def refuse(text):
        logs.end()
        answer(json.dumps({"error": text}).encode())

    first = lines.readline()
    if not first:
        return
    try:
        main = load(json.loads(first))
    except InitError as error:
        print(error, file=sys.stderr)
        return refuse(str(error))
    except Exception as error:
        print_traceback(error)
        return refuse("%s: %s" % (type(error).__name__, error))
    # What the code printed without a line end while it loaded is the start of the first run's log.
    logs.flush()
    answer(b'{"ok":true}')

    while True:
        line = lines.readline()
        if not line:
            return
        result = run(main, json.loads(line))
        logs.end()
        answer(result)


def exit_status(error):
    """Of a SystemExit, as the interpreter would have it."""
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    print(error.code, file=sys.stderr)
    return 1


logs = Logs()
status = 1
try:
    serve(logs)
    status = 0
except SystemExit as error:
    status = exit_status(error)
except BaseException as error:
    print_traceback(error)
finally:
    logs.end()
    # Threads that the action left behind are not waited for.
    os._exit(status)
