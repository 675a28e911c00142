{{/* The value of the label app.kubernetes.io/name. */}}
{{- define "exporter.name" -}}
{{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The name of all objects: the release's name, followed by the chart's unless the former contains it. */}}
{{- define "exporter.fullname" -}}
{{- $name := include "exporter.name" . }}
{{- .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "exporter.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (ternary (include "exporter.fullname" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "exporter.selector" -}}
app.kubernetes.io/name: {{ include "exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "exporter.labels" -}}
{{ include "exporter.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "exporter.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The labels of the pods that may connect, as JSON. */}}
{{- define "exporter.prometheus" -}}
{{ .Values.networkPolicy.prometheusLabels | default (dict "app.kubernetes.io/name" "prometheus") | toJson }}
{{- end }}

{{/* A web configuration can require TLS, a certificate or a password, which a probe by HTTP does not have. */}}
{{- define "exporter.probe" -}}
{{- if .Values.webConfig.secret -}}
exec: { command: [/bin/cloudflare_pcap_exporter, --health-check] }
timeoutSeconds: 6
{{- else -}}
httpGet: { path: {{ .path }}, port: metrics }
{{- end }}
{{- end }}

{{/* The exporter's configuration file. */}}
{{- define "exporter.config" -}}
{{- $credentials := dict }}
{{- range $name, $credential := .Values.credentials }}
{{- $file := printf "/run/secrets/cloudflare/%s" $name }}
{{- $http := dict "authorization" (dict "credentials_file" $file) }}
{{- with $credential.email }}
{{- $http = dict "http_headers" (dict "X-Auth-Email" (dict "values" (list .)) "X-Auth-Key" (dict "files" (list $file))) }}
{{- end }}
{{- with $credential.proxyURL }}{{ $_ := set $http "proxy_url" . }}{{ end }}
{{- $_ := set $credentials $name $http }}
{{- end }}
{{- $config := dict "accounts" .Values.accounts "credentials" $credentials }}
{{- if .Values.discover }}{{ $_ := set $config "discover" true }}{{ end }}
{{- with .Values.exclude }}{{ $_ := set $config "exclude" . }}{{ end }}
{{- toYaml $config }}
{{- end }}
