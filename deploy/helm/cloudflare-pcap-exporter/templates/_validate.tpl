{{/* Refuses what a schema cannot express, or only by a pattern that nobody reads. */}}
{{- define "exporter.validate" -}}
{{- include "exporter.validate.image" .Values.image }}
{{- include "exporter.validate.accounts" .Values }}
{{- include "exporter.validate.credentials" .Values }}
{{- include "exporter.validate.args" .Values.extraArgs }}
{{- include "exporter.validate.pod" . }}
{{- include "exporter.validate.scrapes" .Values }}
{{- end }}

{{- define "exporter.validate.image" -}}
{{- if not (regexMatch "^[a-zA-Z0-9][-.a-zA-Z0-9]*(:[0-9]+)?(/[a-z0-9]+([-._]+[a-z0-9]+)*)*$" .repository) }}
{{- fail (printf "image.repository is %q: write an image without a tag, such as registry.example.com/cloudflare-pcap-exporter." .repository) }}
{{- end }}
{{- if not (regexMatch "^([A-Za-z0-9_][-.A-Za-z0-9_]{0,127})?$" .tag) }}
{{- fail (printf "image.tag is %q: write only the tag, such as 0.1.0. A digest is image.digest." .tag) }}
{{- end }}
{{- if not (regexMatch "^(sha256:[0-9a-f]{64})?$" .digest) }}
{{- fail (printf "image.digest is %q: write sha256: and 64 hexadecimal digits." .digest) }}
{{- end }}
{{- end }}

{{- define "exporter.validate.accounts" -}}
{{- $values := . }}
{{- if and .demo (or .accounts .discover .credentials) }}
{{- fail "The demo exports simulated accounts only: set demo=false, or remove accounts, discover and credentials." }}
{{- end }}
{{- if not (or .demo .accounts .discover) }}
{{- fail "No account is configured: add one to accounts, or set discover=true, or try demo=true." }}
{{- end }}
{{- if and .discover (not .credentials.default) }}
{{- fail "Discovery requires a credential: set credentials.default.secret to the name of the Secret with the API token." }}
{{- end }}
{{- if and .exclude (not .discover) }}
{{- fail "exclude leaves out accounts that discover finds: set discover=true, or remove exclude." }}
{{- end }}
{{- $seen := dict }}
{{- range $i, $account := .accounts }}
{{- if not (regexMatch "^[0-9a-f]{32}$" $account.id) }}
{{- fail (printf "accounts[%d].id is %q: an account id has 32 digits, each 0-9 or a-f." $i $account.id) }}
{{- end }}
{{- if regexMatch "^[0-9a-f]{32}$" ($account.name | default "") }}
{{- fail (printf "accounts[%d].name is %q, which is an id: choose another name, or remove it." $i $account.name) }}
{{- end }}
{{- $credential := $account.credential | default "default" }}
{{- if not (hasKey $values.credentials $credential) }}
{{- fail (printf "accounts[%d] (%s) has no API token: set credentials.%s.secret to the name of a Secret." $i $account.id $credential) }}
{{- end }}
{{- range $field := list "id" "name" }}
{{- with get $account $field }}
{{- if hasKey $seen . }}
{{- fail (printf "accounts[%d].%s is %q, as is accounts[%d].%s: remove one of the two." $i $field . (index $seen . 0) (index $seen . 1)) }}
{{- end }}
{{- $_ := set $seen . (list $i $field) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "exporter.validate.credentials" -}}
{{- range $name, $credential := .credentials }}
{{- if not (regexMatch "^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$" $name) }}
{{- fail (printf "credentials has the name %q: use letters, digits, '-', '.' and '_' between letters or digits." $name) }}
{{- end }}
{{- if not (regexMatch "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$" .secret) }}
{{- fail (printf "credentials.%s.secret is %q: write the name of a Secret, not a token." $name (trunc 8 .secret)) }}
{{- end }}
{{- if not (regexMatch "^[-._a-zA-Z0-9]*$" (.key | default "")) }}
{{- fail (printf "credentials.%s.key is %q: write a key of the Secret, such as token." $name .key) }}
{{- end }}
{{- if not (regexMatch "^((https?|socks5)://[^@]+)?$" (.proxyURL | default "")) }}
{{- fail (printf "credentials.%s.proxyURL is not http://HOST:PORT, https:// or socks5://, without user and password: Helm's history would contain a password." $name) }}
{{- end }}
{{- if not (regexMatch "^([^@ ]+@[^@ ]+)?$" (.email | default "")) }}
{{- fail (printf "credentials.%s.email is %q: write the e-mail address of the user with the API key, or remove it for a token." $name .email) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "exporter.validate.args" -}}
{{- $reserved := dict
  "config.file" "set accounts and credentials instead"
  "cloudflare.account-id" "set accounts instead"
  "cloudflare.api-token-file" "set credentials instead"
  "demo" "set demo instead"
  "web.config.file" "set webConfig.secret instead"
  "web.listen-address" "the Service and the probes require port 17227"
  "web.systemd-socket" "the Service and the probes require port 17227"
  "web.telemetry-path" "the ServiceMonitor requires /metrics"
  "config.check" "the exporter would exit"
  "health-check" "the exporter would exit"
  "version" "the exporter would exit"
  "help" "the exporter would exit"
}}
{{- $seen := dict }}
{{- range $i, $arg := . }}
{{- if not (hasPrefix "--" $arg) }}
{{- fail (printf "extraArgs[%d] is %q: write a flag and its value as one string, such as --log.level=debug." $i $arg) }}
{{- end }}
{{- $flag := regexReplaceAll "^--(no-)?([^=]*).*$" $arg "${2}" }}
{{- with get $reserved $flag }}
{{- fail (printf "extraArgs[%d] is %q: %s." $i $arg .) }}
{{- end }}
{{- if hasKey $seen $flag }}
{{- fail (printf "extraArgs[%d] is %q, but extraArgs[%d] sets the same flag: remove one of the two." $i $arg (get $seen $flag)) }}
{{- end }}
{{- $_ := set $seen $flag $i }}
{{- end }}
{{- end }}

{{- define "exporter.validate.pod" -}}
{{- $labels := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/managed-by" "helm.sh/chart" }}
{{- range $value := list "commonLabels" "podLabels" }}
{{- range $key, $_ := get $.Values $value }}
{{- if has $key $labels }}
{{- fail (printf "%s sets %s, which the chart sets: remove it. nameOverride changes app.kubernetes.io/name." $value $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $key, $_ := .Values.podLabels }}
{{- if hasKey $.Values.commonLabels $key }}
{{- fail (printf "podLabels sets %s, as does commonLabels: remove one of the two." $key) }}
{{- end }}
{{- end }}
{{- if hasKey .Values.podAnnotations (printf "%s/config.yml" .Chart.Name) }}
{{- fail (printf "podAnnotations sets %s/config.yml, which the chart sets: set accounts and credentials instead." .Chart.Name) }}
{{- end }}
{{- range $i, $env := .Values.extraEnv }}
{{- if eq .name "GOMEMLIMIT" }}
{{- fail (printf "extraEnv[%d] sets GOMEMLIMIT, which the chart sets: set resources.limits.memory instead." $i) }}
{{- end }}
{{- if has .name (list "CLOUDFLARE_ACCOUNT_ID" "CLOUDFLARE_API_TOKEN" "CLOUDFLARE_API_TOKEN_FILE") }}
{{- fail (printf "extraEnv[%d] sets %s: set accounts and credentials instead." $i .name) }}
{{- end }}
{{- end }}
{{- range $i, $volume := .Values.extraVolumes }}
{{- if has .name (list "config" "tokens" "web") }}
{{- fail (printf "extraVolumes[%d] has the name %s, as a volume of the chart: choose another name." $i .name) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "exporter.validate.scrapes" -}}
{{- with .networkPolicy.prometheusNamespace }}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" .) }}
{{- fail (printf "networkPolicy.prometheusNamespace is %q: write the name of a namespace, with small letters, digits and '-'." .) }}
{{- end }}
{{- end }}
{{- with .serviceMonitor }}
{{- range $value := list "interval" "scrapeTimeout" }}
{{- if not (regexMatch "^([0-9]+(ms|[smhdwy]))+$" (get $.serviceMonitor $value)) }}
{{- fail (printf "serviceMonitor.%s is %q: write a duration such as 30s or 1m30s." $value (get $.serviceMonitor $value)) }}
{{- end }}
{{- end }}
{{- if gt (include "exporter.milliseconds" .scrapeTimeout | int64) (include "exporter.milliseconds" .interval | int64) }}
{{- fail (printf "serviceMonitor.scrapeTimeout (%s) is longer than serviceMonitor.interval (%s): the operator ignores such a ServiceMonitor." .scrapeTimeout .interval) }}
{{- end }}
{{- end }}
{{- end }}

{{/* A duration such as 1m30s, in milliseconds. */}}
{{- define "exporter.milliseconds" -}}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000 "w" 604800000 "y" 31536000000 }}
{{- $sum := 0 }}
{{- range regexFindAll "[0-9]+[a-z]+" . -1 }}
{{- $sum = add $sum (mul (regexFind "[0-9]+" .) (get $units (regexFind "[a-z]+" .))) }}
{{- end }}
{{- $sum }}
{{- end }}
