-- Merges of two codes of one patient, erasure, and the log of who asked who is who. Runs on H2 and PostgreSQL alike.

-- Null once the patient is erased: what is left of the row is the code's tombstone.
alter table patient alter column identifier drop not null;
alter table patient add column erased_at timestamp(3) with time zone;
-- The code that this one was merged into; null for none.
alter table patient add column merged_into varchar(12) references patient (code);
-- The code at the end of merged_into's chain, which all specimens of this one are published under.
alter table patient add column current_code varchar(12) references patient (code);
update patient set current_code = code;
alter table patient alter column current_code set not null;
create index patient_by_current_code on patient (current_code);

-- patient_code stays the one whose identifier the specimen came with, so that a merge can be taken back.
create index specimen_by_patient on specimen (patient_code);
create index accepted_image_by_specimen on accepted_image (specimen_code);

-- Each merge, and each one that was taken back.
create table patient_merge (
    id bigint generated always as identity primary key,
    kind varchar(16) not null,
    from_code varchar(12) not null references patient (code),
    into_code varchar(12) not null references patient (code),
    done_by varchar(64) not null,
    done_at timestamp(3) with time zone not null
);

-- The specimens that it moved, and the version that each has since.
create table specimen_move (
    specimen_code varchar(12) not null references specimen (code),
    version integer not null,
    from_code varchar(12) not null references patient (code),
    to_code varchar(12) not null references patient (code),
    merge_id bigint not null references patient_merge (id),
    primary key (specimen_code, version)
);
create index specimen_move_by_merge on specimen_move (merge_id);

-- Rows are only ever added. It names codes, never identifiers, and codes that may not exist: no references.
create table access_log (
    id bigint generated always as identity primary key,
    logged_at timestamp(3) with time zone not null,
    actor varchar(64) not null,
    stated_by varchar(64),
    operation varchar(32) not null,
    outcome varchar(64) not null,
    patient_code varchar(12),
    other_code varchar(12),
    reason varchar(256)
);
insert into access_log (logged_at, actor, operation, outcome, patient_code)
    select resolved_at, actor, 'RESOLVE', 'ANSWERED', patient_code from resolution order by id;
drop table resolution;

-- Whoever gives a code, merges or erases holds its row until commit, on any instance.
create table vault_lock (id integer primary key);
insert into vault_lock (id) values (1);

-- What is left to do after a commit.
create table chore (name varchar(32) primary key);
