# One image for every service of the several-machine form: API, workflow workers, data workers and trainers differ by their command only.
# docker build --build-arg TENSORFLOW=gpu . gives trainers TensorFlow with CUDA.
FROM node:24-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/ratchet
# External Temporal and PostgreSQL, so that set-up builds no embedded ones. The addresses are placeholders: nothing connects while building.
ARG TENSORFLOW=auto
ENV RATCHET_CACHE=/opt/ratchet-cache RATCHET_TENSORFLOW=${TENSORFLOW} TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgresql://ratchet@postgres:5432/ratchet
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node scripts/setup.mjs

FROM node:24-bookworm-slim
WORKDIR /opt/ratchet
COPY --from=build /opt/ratchet-cache /opt/ratchet-cache
COPY --from=build /opt/ratchet /opt/ratchet
RUN mkdir /var/lib/ratchet /var/lib/ratchet-exports && chown node:node /var/lib/ratchet /var/lib/ratchet-exports
ENV NODE_ENV=production RATCHET_CACHE=/opt/ratchet-cache RATCHET_HOME=/var/lib/ratchet
USER node
VOLUME /var/lib/ratchet
CMD ["node", "--enable-source-maps", "dist/src/workers/cpu.js"]
