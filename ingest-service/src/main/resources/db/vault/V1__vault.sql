-- Codes for submitted identifiers, and which images were accepted. Runs on H2 and PostgreSQL alike.

create table patient (
    code varchar(12) primary key,
    identifier varchar(64) not null unique,
    created_at timestamp(3) with time zone not null
);

create table specimen (
    code varchar(12) primary key,
    patient_code varchar(12) not null references patient (code),
    identifier varchar(64) not null unique,
    specimen_type varchar(32) not null,
    kind varchar(16) not null,
    version integer not null,
    -- The version that the event log is known to hold; 0 for none.
    published_version integer not null,
    registered_at timestamp(3) with time zone not null
);

-- One row for each lane by which an image was accepted, written after its receipt.
create table accepted_image (
    image_id varchar(64) not null,
    lane varchar(16) not null,
    specimen_code varchar(12) not null references specimen (code),
    attempt integer not null,
    external_id varchar(128),
    received_at timestamp(3) with time zone not null,
    primary key (image_id, lane)
);

-- Who asked which code stands for a patient.
create table resolution (
    id bigint generated always as identity primary key,
    patient_code varchar(12) not null references patient (code),
    actor varchar(64) not null,
    resolved_at timestamp(3) with time zone not null
);
