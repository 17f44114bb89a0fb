# Sourced: finding a Python.

python_of() { # python_of MINOR: print the Python 3.MINOR that is at hand
    local candidate
    for candidate in "python3.$1" python3 "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$1".*/bin/python; do
        if is_python "$candidate" "$1"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

is_python() { # is_python COMMAND MINOR...: whether it is a Python 3 of one of these
    local command=$1 minor; shift
    command -v "$command" >/dev/null || return 1
    minor=$("$command" -c 'import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else "")' 2>/dev/null) || return 1
    case " $* " in *" $minor "*) return 0 ;; *) return 1 ;; esac
}
