# Sourced by the scripts beside it: makes .venv ready, once, and again when the locked requirements change.
# shellcheck shell=bash

fail() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Prints the first Python that is new enough, or the one that PYTHON names.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed, and none was found (${PYTHON:-python3} --version: $("${PYTHON:-python3}" --version 2>&1))."
}

# Makes an empty virtual environment in place of a missing, unfinished or broken one.
make_environment() {
    local python
    if [ -e .venv ]; then
        [ -O .venv ] || fail ".venv belongs to user $(stat -c %U .venv): run this as that user, or remove .venv first."
        if [ ! -e .venv/unfinished ] && is_new_enough .venv/bin/python; then
            return
        fi
        echo "The virtual environment .venv is not usable: making it again."
        rm -rf .venv
    fi
    python=$(find_python) || exit 1
    mkdir .venv || fail "this user cannot write to $PWD: clone it to a folder of your own."
    touch .venv/unfinished
    "$python" -m venv --without-pip .venv ||
        fail "$python cannot make a virtual environment: install its venv module (Debian: python3-venv)."
}

# Prints a pip that can install into .venv, as a command.
find_pip() {
    local python
    for python in "$(readlink .venv/bin/python3)" python3; do
        if "$python" -m pip --python .venv/bin/python --version >/dev/null 2>&1; then
            echo "$python -m pip --python .venv/bin/python"
            return
        fi
    done
    if .venv/bin/python -m ensurepip >/dev/null 2>&1; then
        echo ".venv/bin/python -m pip"
        return
    fi
    fail "neither uv nor pip (22.3 or newer) was found: install one of them (Debian: python3-pip)."
}

# Installs what a lock file names.
install_lock() {
    local pip options=(--require-hashes --no-deps --requirement "$1")
    if command -v uv >/dev/null; then
        uv pip install --python .venv/bin/python "${options[@]}"
        return
    fi
    pip=$(find_pip) || exit 1
    # shellcheck disable=SC2086  # it is a command with its arguments
    $pip install --no-input --use-pep517 --disable-pip-version-check --no-warn-script-location --progress-bar off \
        "${options[@]}" | show_progress "$(grep -c '==' "$1")"
}

# Turns the many lines of pip into one per package.
show_progress() {
    awk -v total="$1" '
        /^Collecting / { printf "  %d of %d: %s\n", ++done, total, $2; fflush() }
        /^Requirement already satisfied/ { ++done }
        /^Installing collected/ { print "  unpacking"; fflush() }'
}

# ensure_environment LOCK [CONTAINED…]: installs a lock file unless .venv has that very version of it, so that it
# works offline once it has. The further lock files name nothing that the first one does not.
ensure_environment() {
    local lock=$1 installed
    exec 9<. # two scripts at once must not install over each other; the folder itself is the lock
    if command -v flock >/dev/null; then
        flock 9
    fi
    make_environment
    if ! cmp -s "$lock" ".venv/installed-$lock"; then
        echo "Installing what $lock names into .venv (only now, and when it changes):"
        touch .venv/unfinished
        rm -f .venv/installed-*
        install_lock "$lock" || fail "the installation failed, see above. It needs the network, this once."
        for installed in "$@"; do
            cp "$installed" ".venv/installed-$installed"
        done
        rm .venv/unfinished
    fi
    exec 9<&-
}
