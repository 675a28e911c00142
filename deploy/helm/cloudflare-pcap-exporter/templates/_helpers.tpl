{{/* The name of all objects: the release's name, followed by the chart's unless the former contains it. */}}
{{- define "exporter.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "exporter.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "exporter.labels" -}}
{{ include "exporter.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The labels of the pods that may connect, as JSON. */}}
{{- define "exporter.prometheus" -}}
{{ .Values.networkPolicy.prometheusLabels | default (dict "app.kubernetes.io/name" "prometheus") | toJson }}
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

{{/* The exporter's configuration file. It is refused here for reasons that a JSON schema cannot express. */}}
{{- define "exporter.config" -}}
{{- $values := .Values }}
{{- if not (or .Values.accounts .Values.discover) }}
{{- fail "No account is configured: add one to accounts, or set discover=true, or try demo=true." }}
{{- end }}
{{- if and .Values.discover (not .Values.credentials.default) }}
{{- fail "Discovery requires a credential: set credentials.default.secret to the name of the Secret with the API token." }}
{{- end }}
{{- $seen := dict }}
{{- range $i, $account := .Values.accounts }}
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
{{- $credentials := dict }}
{{- range $name, $credential := .Values.credentials }}
{{- $http := dict "authorization" (dict "credentials_file" (printf "/run/secrets/cloudflare/%s" $name)) }}
{{- with $credential.proxyURL }}{{ $_ := set $http "proxy_url" . }}{{ end }}
{{- $_ := set $credentials $name $http }}
{{- end }}
{{- $config := dict "accounts" .Values.accounts "credentials" $credentials }}
{{- if .Values.discover }}{{ $_ := set $config "discover" true }}{{ end }}
{{- toYaml $config }}
{{- end }}
