"""What stops a start, as one line for the person who typed the command."""

import errno


class CannotStart(Exception):
    def __init__(self, chinese: str, english: str = "") -> None:
        super().__init__(f"{chinese} / {english}" if english else chinese)


DISK = {
    errno.ENOSPC: ("磁盘空间已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EROFS: ("文件系统只读", "the file system is read-only"),
    errno.EACCES: ("没有写入权限", "permission denied"),
    errno.EPERM: ("没有写入权限", "permission denied"),
    errno.ENOTDIR: ("路径不是文件夹", "the path is not a folder"),
    errno.EEXIST: ("路径不是文件夹", "the path is not a folder"),
}


def name_disk_trouble(error: OSError) -> CannotStart:
    chinese, english = DISK.get(error.errno, (str(error.strerror), str(error.strerror)))
    return CannotStart(f"{chinese}：{error.filename or ''}", f"{english}: {error.filename or ''}")


def name_cause(program: str, log: str) -> CannotStart:
    """A server's own last words, shortened to the line that says why."""
    if "No space left on device" in log:
        return CannotStart(f"磁盘空间已满，{program} 无法启动", f"the disk is full, {program} cannot start")
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "ERROR", "Fatal"))]
    cause = (telling or lines or ["?"])[-1]
    return CannotStart(f"{program} 无法启动：{cause}", f"{program} cannot start")
