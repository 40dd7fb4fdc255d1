-- Where an accepted image lies in the event log: once the log no longer holds it, the same file is published again. Marks
-- from before have none.
alter table accepted_image add column log_topic varchar(64);
alter table accepted_image add column log_partition integer;
alter table accepted_image add column log_offset bigint;
