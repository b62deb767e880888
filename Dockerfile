# The same commands as `make run`, in a container. Build and start it with: docker compose up
FROM python:3.11-slim

WORKDIR /srv/broadsheet
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY src ./src
RUN python -m pip install --no-cache-dir --no-build-isolation --no-deps --no-index -e . \
    && useradd --create-home --uid 1000 broadsheet \
    && install -d -o broadsheet -g broadsheet /data

USER broadsheet
# Inside the container it must listen on every address; compose.yaml opens the port to this machine alone.
ENV BROADSHEET_DATA=/data BROADSHEET_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
CMD ["broadsheet", "up"]
