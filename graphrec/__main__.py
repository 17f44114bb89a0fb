"""``python -m graphrec`` is the command, for launchers that start modules."""

from graphrec.import_path import leave_out_current_folder

leave_out_current_folder()  # before anything could be imported from there

from graphrec.commands.main import main  # noqa: E402

if __name__ == "__main__":
    main()
