-- How far an Orthanc has been followed, and what of it was refused. Runs on H2 and PostgreSQL alike.

create table dicom_source (
    name varchar(64) primary key,
    -- The last of Orthanc's changes that is done with; 0 for none.
    place bigint not null,
    -- Fingerprints of the last changes that were done with, by which a replaced Orthanc is noticed.
    marks varchar(4000) not null,
    -- The one instance of ingest that follows, and until when the others leave it to it.
    holder varchar(64),
    held_until timestamp(3) with time zone
);

-- What was refused and is still refused; frame 0 is the whole instance. Orthanc's own id of the instance is a hash of
-- its DICOM identifiers.
create table dicom_refusal (
    id bigint generated always as identity primary key,
    source varchar(64) not null references dicom_source (name),
    instance varchar(64) not null,
    frame integer not null,
    code varchar(64) not null,
    detail varchar(512) not null,
    field varchar(32),
    refused_at timestamp(3) with time zone not null,
    -- Somebody asked to have it read again.
    again boolean not null,
    unique (source, instance, frame)
);
