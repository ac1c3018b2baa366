# The service in one image: `docker build -t suffrage .`, then see compose.yaml and docs/run.md.

FROM node:22-bookworm-slim AS pages
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM rust:1.89-slim-bookworm AS wheel
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /build && /build/bin/pip install --no-cache-dir "maturin>=1.16,<2"
WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY rust/ rust/
COPY src/ src/
COPY --from=pages /app/src/suffrage/service/static/built/ src/suffrage/service/static/built/
RUN /build/bin/maturin build --release --locked --compatibility linux --out /dist

FROM python:3.11-slim-bookworm
COPY requirements.lock /tmp/
COPY --from=wheel /dist/ /tmp/dist/
# The versions that are tested together, without the tools of developers.
RUN sed -E '/^ *--hash/d; s/ \\$//' /tmp/requirements.lock > /tmp/versions.txt \
    && pip install --no-cache-dir --constraint /tmp/versions.txt /tmp/dist/*.whl \
    && rm -r /tmp/dist /tmp/requirements.lock /tmp/versions.txt \
    # An image without the built pages would take no ballot.
    && python -c "from pathlib import Path; import suffrage; \
built = Path(suffrage.__file__).parent / 'service/static/built'; \
assert all((built / name).is_file() for name in ('booth.js', 'trustee.js', 'signing.js', 'codes.html')), built" \
    && useradd --system --uid 1937 --user-group --home-dir /data --shell /usr/sbin/nologin suffrage \
    && install --directory --owner suffrage --group suffrage --mode 700 /data
USER suffrage
ENV SUFFRAGE_DATA=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/', timeout=4)"]
# SIGTERM reaches the supervisor, which ends its children in order.
STOPSIGNAL SIGTERM
ENTRYPOINT ["suffrage"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
