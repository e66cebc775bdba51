import { Plus, X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { useShop } from "@/app/shop";
import { may } from "@/auth/may";
import { useRole } from "@/auth/session";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Skeleton } from "@/components/ui/Skeleton";
import { toast } from "@/components/ui/toast-store";
import { callConsole, toConsoleError, type ConsoleError } from "@/data/console";
import { isZone } from "@/data/imports";
import { useFormat } from "@/lib/useFormat";

const CURRENCIES = Intl.supportedValuesOf("currency");
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

interface Rate {
  currency: string;
  rate: string;
}

/** Name, reporting currency, time zone and the rates by which other currencies are added up. */
export function ShopSettings() {
  const { t } = useTranslation(["members", "common"]);
  const format = useFormat();
  const { shop, loaded } = useShop();
  const editable = may(useRole(), "editShop");
  const [name, setName] = useState("");
  const [currency, setCurrency] = useState("");
  const [zone, setZone] = useState("");
  const [rates, setRates] = useState<Rate[]>([]);
  const [dirty, setDirty] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ConsoleError | null>(null);
  const currencies = useId();
  const zones = useId();
  useEffect(() => {
    // What is being typed is not taken away by somebody else's change.
    if (dirty || !shop) return;
    setName(shop.name);
    setCurrency(shop.currency ?? "");
    setZone(shop.zone ?? "");
    setRates(Object.entries(shop.rates).map(([code, rate]) => ({ currency: code, rate: String(rate) })));
  }, [shop, dirty]);
  const edit = (change: () => void) => {
    setDirty(true);
    setError(null);
    change();
  };
  const wrong = {
    currency: /^[A-Z]{3}$/.test(currency) ? undefined : t("shop.badCurrency"),
    zone: isZone(zone) ? undefined : t("shop.badZone"),
    rates: rates.map(
      (rate) => !/^[A-Z]{3}$/.test(rate.currency) || !(Number(rate.rate) > 0) || rate.currency === currency,
    ),
  };
  const blocked = Boolean(wrong.currency ?? wrong.zone) || wrong.rates.some(Boolean) || !name.trim();
  const said = (field: string) => (error?.field === field ? error.say(format.language) : undefined);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await callConsole("shop.edit", {
        name: name.trim(),
        currency,
        zone,
        rates: Object.fromEntries(rates.map((rate) => [rate.currency, Number(rate.rate)])),
      });
      setDirty(false);
      toast({ tone: "good", title: t("shop.saved") });
    } catch (caught) {
      setError(toConsoleError(caught));
    } finally {
      setBusy(false);
    }
  };
  if (!loaded) return <Skeleton className="h-72 w-full rounded-lg" />;
  return (
    <Card title={t("shop.title")} hint={t("shop.hint")} className="max-w-2xl">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label={t("shop.name")} error={said("name")}>
          {(ids) => (
            <Input
              {...ids}
              disabled={!editable}
              maxLength={200}
              value={name}
              onChange={(event) => edit(() => setName(event.target.value))}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={t("shop.currency")}
            hint={t("shop.currencyHint")}
            error={(dirty && wrong.currency) || said("currency")}
          >
            {(ids) => (
              <Input
                {...ids}
                list={currencies}
                disabled={!editable}
                maxLength={3}
                value={currency}
                onChange={(event) => edit(() => setCurrency(event.target.value.toUpperCase()))}
              />
            )}
          </Field>
          <Field label={t("shop.zone")} hint={t("shop.zoneHint")} error={(dirty && wrong.zone) || said("zone")}>
            {(ids) => (
              <Input
                {...ids}
                list={zones}
                disabled={!editable}
                value={zone}
                onChange={(event) => edit(() => setZone(event.target.value.trim()))}
              />
            )}
          </Field>
        </div>
        <fieldset className="flex flex-col gap-2">
          <legend className="text-table font-medium">{t("shop.rates")}</legend>
          <p className="text-small text-faint">{t("shop.ratesHint", { currency: currency || "USD" })}</p>
          {rates.map((rate, at) => (
            <div key={at} className="flex items-center gap-2 text-table">
              <span className="text-muted">1</span>
              <Input
                className="w-20!"
                aria-label={t("shop.rateCurrency")}
                {...(dirty && wrong.rates[at] ? { "aria-invalid": true } : {})}
                list={currencies}
                maxLength={3}
                disabled={!editable}
                value={rate.currency}
                onChange={(event) =>
                  edit(() =>
                    setRates(
                      rates.map((one, index) =>
                        index === at ? { ...one, currency: event.target.value.toUpperCase() } : one,
                      ),
                    ),
                  )
                }
              />
              <span className="text-muted">=</span>
              <Input
                className="w-24!"
                inputMode="decimal"
                aria-label={t("shop.rateValue", { currency: rate.currency })}
                {...(dirty && wrong.rates[at] ? { "aria-invalid": true } : {})}
                disabled={!editable}
                value={rate.rate}
                onChange={(event) =>
                  edit(() =>
                    setRates(
                      rates.map((one, index) => (index === at ? { ...one, rate: event.target.value.trim() } : one)),
                    ),
                  )
                }
              />
              <span className="text-muted">{currency}</span>
              {editable && (
                <Button
                  look="ghost"
                  size="icon-sm"
                  aria-label={t("shop.removeRate", { currency: rate.currency })}
                  onClick={() => edit(() => setRates(rates.filter((_, index) => index !== at)))}
                >
                  <X aria-hidden />
                </Button>
              )}
            </div>
          ))}
          {dirty && wrong.rates.some(Boolean) && (
            <p role="alert" className="text-small text-bad">
              {t("shop.badRate")}
            </p>
          )}
          {said("rates") && (
            <p role="alert" className="text-small text-bad">
              {said("rates")}
            </p>
          )}
          {editable && (
            <Button
              size="sm"
              className="self-start"
              icon={<Plus aria-hidden />}
              onClick={() => edit(() => setRates([...rates, { currency: "", rate: "" }]))}
            >
              {t("shop.addRate")}
            </Button>
          )}
        </fieldset>
        {error && !["name", "currency", "zone", "rates"].includes(error.field ?? "") && (
          <p role="alert" className="text-small text-bad">
            {error.say(format.language)}
          </p>
        )}
        {editable && (
          <div className="flex justify-end gap-2 border-t pt-4">
            {dirty && <Button onClick={() => setDirty(false)}>{t("shop.reset")}</Button>}
            <Button look="primary" type="submit" busy={busy} disabled={!dirty || blocked}>
              {t("common:save")}
            </Button>
          </div>
        )}
      </form>
      <datalist id={currencies}>
        {CURRENCIES.map((code) => (
          <option key={code} value={code} />
        ))}
      </datalist>
      <datalist id={zones}>
        {ZONES.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </Card>
  );
}
