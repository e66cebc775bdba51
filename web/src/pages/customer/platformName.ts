import { useTranslation } from "react-i18next";

/** A platform by its own name ("woocommerce" is WooCommerce); any other text as it is. */
export function usePlatformName(): (text: string) => string {
  const { t, i18n } = useTranslation("customer");
  return (text) => (/^[a-z]+$/.test(text) && i18n.exists(`customer:platform.${text}`) ? t(`platform.${text}`) : text);
}
