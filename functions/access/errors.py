"""What a user's request can be refused with: always the field, the sentence in both languages, and the way out."""

from __future__ import annotations


class Refused(Exception):
    """A request that cannot be done as asked. Nothing was written.

    Attributes:
        code: stable, for programs.
        field: the argument at fault, if one is.
        en, zh: one sentence each, with the way out.
        status: the callable protocol's status.
    """

    def __init__(self, code: str, field: str | None, en: str, zh: str, status: str = "invalid-argument") -> None:
        super().__init__(en)
        self.code, self.field, self.en, self.zh, self.status = code, field, en, zh, status


class Forbidden(Refused):
    """The caller's role may not do this."""

    def __init__(self, roles: tuple[str, ...]) -> None:
        names = {"owner": "所有者", "admin": "管理员", "marketer": "营销人员", "analyst": "分析师", "support": "客服"}
        super().__init__(
            "forbidden",
            None,
            f"Your role may not do this. It takes one of: {', '.join(roles)}.",
            f"您的角色无权执行此操作。需要：{'、'.join(names[role] for role in roles)}。",
            "permission-denied",
        )
