import type { Role } from "@/generated/documents";
import type { Language } from "@/lib/format";

interface LocalTexts {
  title: string;
  or: string;
  failed: string;
  can: Record<Role, string>;
}

/** Kept out of the other texts, so that no other build carries a word of it. */
export const LOCAL_TEXTS: Record<Language, LocalTexts> = {
  en: {
    title: "Demo sign-in: one click, sample shop",
    or: "or with an account of your own",
    failed: "That account is not there yet. Wait until the sample shop has loaded, then try again.",
    can: {
      owner: "Everything, including who gets which role",
      admin: "Runs the shop, cannot make owners",
      marketer: "Customers, segments, imports",
      analyst: "Figures only, no people",
      support: "Looks customers up, contact masked",
    },
  },
  zh: {
    title: "演示登录：一键进入示例店铺",
    or: "或使用您自己的账号",
    failed: "该账号尚未就绪。请等待示例店铺加载完成后重试。",
    can: {
      owner: "全部权限，包括角色分配",
      admin: "管理店铺，不能授予所有者",
      marketer: "客户、分群、导入",
      analyst: "仅查看指标，不可见客户",
      support: "查询客户，联系方式已遮蔽",
    },
  },
};
