#!/bin/sh
echo "This is a stub action: there is no code yet. Put an executable in its place, a script or a native binary."
echo "It gets the parameters as JSON: on standard input and, up to 131071 bytes, as its argument."
echo "Its output is the log; the last line of standard output is the result, an object or an array in JSON."
echo "argument: $1"
echo "length of the argument: ${#1}"
read -r input
echo "length of standard input: ${#input}"
echo '{ "error": "This is a stub action. Replace it with custom logic." }'
