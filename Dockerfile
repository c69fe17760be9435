# Huitou in a container: `docker compose up` (compose.yaml), see docs/how-to/server.md.
FROM python:3.11-slim AS build
COPY . /src
RUN python -m venv /opt/huitou && /opt/huitou/bin/pip install --no-cache-dir -c /src/constraints.txt "/src[oidc]"

FROM python:3.11-slim
COPY --from=build /opt/huitou /opt/huitou
RUN useradd --system --uid 10001 --no-create-home huitou && install -d -o huitou -m 700 /data
ENV PATH=/opt/huitou/bin:$PATH CRM_DATA=/data
WORKDIR /data
USER huitou
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
# It listens to others, so it ends with a sentence unless CRM_PASSWORD is given.
CMD ["crm", "serve", "--data", "/data", "--host", "0.0.0.0", "--port", "8501"]
