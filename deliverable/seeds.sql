-- Sample data of Holdfast, written by scripts/generate-deliverables from deliverable/sources.
-- Load it right after dump.sql, or into any migrated database without rows:
--     psql --set ON_ERROR_STOP=1 --single-transaction --file deliverable/seeds.sql "$DATABASE_URL"
-- Times are relative to the day of loading in Paris; ids are the same every time, from the first days of 2025.
-- Every account has the password holdfast-demo-2026.

CREATE TEMPORARY TABLE seed_today AS
SELECT (now() AT TIME ZONE 'Europe/Paris')::date AS today;

-- When a day begins in Paris, counted from today.
CREATE FUNCTION pg_temp.seed_midnight(days int) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN (SELECT today + days FROM pg_temp.seed_today)::timestamp AT TIME ZONE 'Europe/Paris';

-- A snowflake of node 0: each kind of entity has a day of January 2025, each number a second of it.
CREATE FUNCTION pg_temp.seed_id(kind int, number bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN (kind * 86400000::bigint + number * 1000) << 22;

CREATE FUNCTION pg_temp.seed_time(kind int, number bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE
RETURN to_timestamp(1735689600 + kind * 86400 + number);

-- The UUID of version 7 of that time and number.
CREATE FUNCTION pg_temp.seed_uuid(kind int, number bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE
RETURN (lpad(to_hex((1735689600 + kind * 86400 + number) * 1000), 12, '0') || '70008000' || lpad(to_hex(number), 12, '0'))::uuid;


-- Accounts: 1 is the administrator, 2 the manager, the customers follow.

CREATE TEMPORARY TABLE seed_customers (number int, name text, date_of_birth date);
INSERT INTO pg_temp.seed_customers VALUES
    (1, 'Alice Morvan', '1994-03-12'),
    (2, 'Benoît Charpentier', '1981-11-02'),
    (3, 'Chloé Delattre', '2001-06-25'),
    (4, 'Driss El Amrani', '1988-01-17'),
    (5, 'Emma Lefèvre', '1999-09-08'),
    (6, 'François Guérin', '1972-04-30'),
    (7, 'Gabrielle Roche', '1990-12-11'),
    (8, 'Henri Pelletier', '1965-07-19'),
    (9, 'Imane Bouzid', '1996-02-03'),
    (10, 'Jules Arnaud', '2003-10-21'),
    (11, 'Karine Maillard', '1979-05-14'),
    (12, 'Louis Bertin', '1992-08-27'),
    (13, 'Manon Texier', '2000-03-05'),
    (14, 'Noé Carpentier', '1998-11-30'),
    (15, 'Ophélie Renaud', '1985-06-09'),
    (16, 'Paul Hamelin', '1977-01-23'),
    (17, 'Rachida Saïdi', '1991-04-16'),
    (18, 'Simon Vasseur', '1995-12-28'),
    (19, 'Tiphaine Le Roux', '1989-07-07'),
    (20, 'Victor Chevallier', '1983-09-13');

INSERT INTO public.users (id, email, password_hash, name, date_of_birth, role, created_at)
SELECT pg_temp.seed_id(1, account.number), account.email::public.citext, '$argon2id$v=19$m=65536,t=3,p=4$aG9sZGZhc3Qgc2FtcGxlcw$WJagzdLhw4XKNrDvqX/H5LVjk6+uS6tvjKfeMzRGzI8',
       account.name, account.date_of_birth, account.role, pg_temp.seed_time(1, account.number)
FROM (
    VALUES (1, 'admin@holdfast.example', 'Agnès Fournier', NULL::date, 'admin'),
           (2, 'manager@holdfast.example', 'Mathieu Colin', NULL, 'manager')
    UNION ALL
    SELECT number + 2, 'customer' || number || '@holdfast.example', name, date_of_birth, 'customer'
    FROM pg_temp.seed_customers
) AS account (number, email, name, date_of_birth, role);


-- Places. The manager schedules the first two.

CREATE TEMPORARY TABLE seed_places (number int, name text, address text, capacity int);
INSERT INTO pg_temp.seed_places VALUES
    (1, 'Holdfast Bastille', '12 rue de la Roquette, 75011 Paris', 298),
    (2, 'Holdfast Bastide', '4 quai des Queyries, 33100 Bordeaux', 240),
    (3, 'Holdfast Bellecour', '27 rue de la Charité, 69002 Lyon', 286),
    (4, 'Holdfast Bouffay', '9 place du Bouffay, 44000 Nantes', 180),
    (5, 'Holdfast Capitole', '31 rue d''Alsace-Lorraine, 31000 Toulouse', 260),
    (6, 'Holdfast Cours Julien', '58 cours Julien, 13006 Marseille', 210),
    (7, 'Holdfast Croix-Rousse', '14 grande rue de la Croix-Rousse, 69004 Lyon', 116),
    (8, 'Holdfast Cathédrale', '3 rue du Maroquin, 67000 Strasbourg', 200),
    (9, 'Holdfast Comédie', '6 rue de Maguelone, 34000 Montpellier', 220),
    (10, 'Holdfast Ducs', '19 rue de la Liberté, 21000 Dijon', 150),
    (11, 'Holdfast Garibaldi', '22 rue Bonaparte, 06300 Nice', 190),
    (12, 'Holdfast Grand-Place', '8 rue de Paris, 59800 Lille', 300),
    (13, 'Holdfast Jean-Jaurès', '11 allées Jean-Jaurès, 31000 Toulouse', 340),
    (14, 'Holdfast Les Halles', '16 rue de Fleurus, 35000 Rennes', 170),
    (15, 'Holdfast Montparnasse', '41 rue de la Gaîté, 75014 Paris', 402),
    (16, 'Holdfast Petite France', '5 rue des Moulins, 67000 Strasbourg', 86),
    (17, 'Holdfast Ralliement', '2 place du Ralliement, 49100 Angers', 140),
    (18, 'Holdfast Recouvrance', '33 rue de la Porte, 29200 Brest', 130),
    (19, 'Holdfast Remparts', '10 rue Saint-Rémi, 33000 Bordeaux', 160),
    (20, 'Holdfast Saint-Bruno', '25 cours Berriat, 38000 Grenoble', 175),
    (21, 'Holdfast Saint-Ouen', '7 rue des Faulx, 76000 Rouen', 155),
    (22, 'Holdfast Stanislas', '18 rue Héré, 54000 Nancy', 145),
    (23, 'Holdfast Vieux-Port', '40 quai du Port, 13002 Marseille', 350),
    (24, 'Holdfast Villette', '29 quai de la Seine, 75019 Paris', 598);

INSERT INTO public.places (id, name, address, capacity, timezone, created_at)
SELECT pg_temp.seed_id(5, number), name, address, capacity, 'Europe/Paris', pg_temp.seed_time(5, number)
FROM pg_temp.seed_places;

-- Numbered seats, of some places: each plan drawn from the screen to the back, a row on a line behind its label. A dot is
-- a seat, w, l and p are one for a wheelchair, a love seat and a premium one, and a space is a gap. Numbers go across the
-- row, or are odd in its left half and even in the right one, from the middle.

CREATE TEMPORARY TABLE seed_drawings (
    place int, numbering text, focal_row text, focal_number int, supplements jsonb, drawing text
);
INSERT INTO pg_temp.seed_drawings VALUES
    (16, 'across', 'F', 5, '{"love": 400}', 'A   ww.. ....
B  ..... .....
C  ..... .....
D  ..... .....
E  ..... .....
F  ..... .....
G  ..... .....
H  ..... .....
J   llll llll'),
    (7, 'across', 'G', 6, '{"love": 350}', 'A   ww ...... ww
B  ... ...... ...
C  ... ...... ...
D  ... ...... ...
E  ... ...... ...
F  ... ...... ...
G  ... ...... ...
H  ... ...... ...
J  ... ...... ...
K   ll ...... ll'),
    (3, 'across', 'K', 10, '{"love": 300, "premium": 250}', 'A      ww .......... ww
B    ... ............ ...
C    ... ............ ...
D   .... ............ ....
E   .... ............ ....
F   .... ............ ....
G   .... ............ ....
H   .... ............ ....
J   pppp pppppppppppp pppp
K   pppp pppppppppppp pppp
L   pppp pppppppppppp pppp
M   .... ............ ....
N   .... ............ ....
P  ............ ............
Q       llllll  llllll'),
    (1, 'halves', 'L', 1, '{"premium": 300}', 'A      ww....  ....ww
B    ........  ........
C   .........  .........
D   .........  .........
E   .........  .........
F  ..........  ..........
G  ..........  ..........
H  ..........  ..........
J  pppppppppp  pppppppppp
K  pppppppppp  pppppppppp
L  pppppppppp  pppppppppp
M  pppppppppp  pppppppppp
N  ..........  ..........
P  ..........  ..........
Q  ..........  ..........
R    ........  ........'),
    (15, 'across', 'M', 12, '{"love": 400, "premium": 350}', 'A         ............
B     ww .............. ww
C   .... .............. ....
D   .... .............. ....
E   .... .............. ....
F  ..... .............. .....
G  ..... .............. .....
H  ..... .............. .....
J  ..... .............. .....
K  ..... pppppppppppppp .....
L  ..... pppppppppppppp .....
M  ..... pppppppppppppp .....
N  ..... pppppppppppppp .....
P  ..... .............. .....
Q  ..... .............. .....
R  ..... .............. .....
S  ..... .............. .....
T     llll llllllllll llll'),
    (24, 'across', 'M', 17, '{"love": 500, "premium": 400}', 'A          ....................
B      ww ...................... ww
C      ww ...................... ww
D   ...... .................... ......
E   ...... .................... ......
F   ...... .................... ......
G   ...... .................... ......
H  ....... .................... .......
J  ....... .................... .......
K  ....... .................... .......
L  ....... pppppppppppppppppppp .......
M  ....... pppppppppppppppppppp .......
N  ....... pppppppppppppppppppp .......
P  ....... .................... .......
Q  ....... .................... .......
R  ....... .................... .......
BA  ........ llllllllllllllll ........
BB  ........ llllllllllllllll ........
BC    .... .................... ....');

CREATE TEMPORARY TABLE seed_cells AS
SELECT place, line, label, position, cell <> ' ' AS is_seat,
       CASE cell WHEN 'w' THEN 'wheelchair' WHEN 'l' THEN 'love' WHEN 'p' THEN 'premium' ELSE 'standard' END AS kind,
       CASE WHEN numbering = 'across' THEN nth WHEN nth <= seats / 2 THEN seats / 2 * 2 - nth * 2 + 1
            ELSE nth * 2 - seats / 2 * 2 END AS number
FROM (
    SELECT place, numbering, line, rtrim(left(characters, 3)) AS label, cell,
           row_number() OVER (PARTITION BY place ORDER BY line, index) + line - 2 AS position,
           count(*) FILTER (WHERE cell <> ' ') OVER (PARTITION BY place, line ORDER BY index) AS nth,
           count(*) FILTER (WHERE cell <> ' ') OVER (PARTITION BY place, line) AS seats
    FROM pg_temp.seed_drawings
    CROSS JOIN LATERAL string_to_table(drawing, E'\n') WITH ORDINALITY AS drawn (characters, line)
    CROSS JOIN LATERAL string_to_table(substr(characters, 4), NULL) WITH ORDINALITY AS cells (cell, index)
) AS drawn;

INSERT INTO public.seat_plans (id, place_id, plan, created_at)
SELECT pg_temp.seed_id(12, place), pg_temp.seed_id(5, place),
       jsonb_build_object(
           'rows', jsonb_agg(seats ORDER BY line),
           'focal_point', jsonb_build_object('row', focal_row, 'number', focal_number),
           'supplements', supplements
       ), pg_temp.seed_time(12, place)
FROM (
    SELECT place, line, jsonb_build_object('label', label, 'seats', jsonb_agg(
               CASE WHEN is_seat THEN jsonb_build_object('number', number, 'kind', kind) END ORDER BY position
           )) AS seats
    FROM pg_temp.seed_cells GROUP BY place, line, label
) AS rows JOIN pg_temp.seed_drawings USING (place)
GROUP BY place, focal_row, focal_number, supplements;

UPDATE public.places SET seat_plan_id = plan.id FROM public.seat_plans AS plan WHERE plan.place_id = places.id;

INSERT INTO public.manager_places (user_id, place_id)
SELECT pg_temp.seed_id(1, 2), pg_temp.seed_id(5, number) FROM generate_series(1, 2) AS number;


-- Movies, with genres, cast and countries.

CREATE TEMPORARY TABLE seed_movies (
    number int, title text, year int, duration int, genres text, poster text, description text
);
INSERT INTO pg_temp.seed_movies VALUES
    (1, 'Le Dernier Phare', 2024, 112, 'Drama', 'le-dernier-phare', 'The keeper of a lighthouse about to be automated takes in the engineer who was sent to replace him.'),
    (2, 'The Cartographer''s Daughter', 2025, 128, 'Adventure,History', 'the-cartographer-s-daughter', 'In 1762 a young woman finishes the sea chart that cost her father his life, and finds out who altered it.'),
    (3, 'Minuit à la Croix-Rousse', 2023, 97, 'Comedy,Crime', 'minuit-a-la-croix-rousse', 'Three Lyon locksmiths are hired to open one safe on the same night, each by a different client.'),
    (4, 'Salt and Iron', 2026, 134, 'Western,Drama', 'salt-and-iron', 'Two sisters drive a herd across the salt flats ahead of a railway that has already bought their land.'),
    (5, 'A Quiet Orbit', 2025, 141, 'Science fiction,Drama', 'a-quiet-orbit', 'Alone on a survey ship, a botanist grows a garden from seeds that nobody remembers packing.'),
    (6, 'Les Oiseaux de Sète', 2024, 88, 'Family,Comedy', 'les-oiseaux-de-sete', 'A grandfather teaches his granddaughter to joust from a boat; she would rather teach the gulls to talk.'),
    (7, 'Paper Tigers of Harbin', 2022, 119, 'Thriller', 'paper-tigers-of-harbin', 'A forger of vintage posters is asked for a passport, then for eleven more.'),
    (8, 'The Glass Orchard', 2026, 107, 'Fantasy,Romance', 'the-glass-orchard', 'Every tree in the valley bears one glass fruit a year, and every fruit holds a day that somebody lost.'),
    (9, 'Nuit Blanche pour Hélène', 2023, 101, 'Thriller,Drama', 'nuit-blanche-pour-helene', 'A night nurse receives a patient who knows what will happen to each bed before dawn.'),
    (10, 'Kestrel', 2024, 93, 'Drama', 'kestrel', 'A boy who does not speak spends a summer on the moor with a falconer who talks too much.'),
    (11, 'The Ninth Violin', 2025, 116, 'Music,Crime', 'the-ninth-violin', 'A conductor discovers that one of her players has never played a note, and that the orchestra depends on it.'),
    (12, 'Deux Cafés, Une Addition', 2024, 94, 'Romance,Comedy', 'deux-cafes-une-addition', 'Two strangers keep being handed each other''s bill in the same bistro in Nantes.'),
    (13, 'Ashfall', 2026, 122, 'Action,Thriller', 'ashfall', 'A helicopter crew has six hours to empty an island that will not be there in the morning.'),
    (14, 'The Understudy''s Ghost', 2023, 104, 'Comedy,Fantasy', 'the-understudy-s-ghost', 'An actor who died in dress rehearsal insists on finishing the run.'),
    (15, 'Sous la Neige, le Feu', 2022, 126, 'History,Drama', 'sous-la-neige-le-feu', 'Winter 1944: a village in the Vercors hides a printing press, and argues about what to print.'),
    (16, 'Marble Run', 2025, 86, 'Animation,Family', 'marble-run', 'A lost marble crosses a whole city downhill to get back to its game.'),
    (17, 'The Long Division', 2024, 118, 'Drama', 'the-long-division', 'Twin brothers must split their late mother''s house, which neither of them is willing to leave or to keep.'),
    (18, 'Copper Moon', 2023, 109, 'Western', 'copper-moon', 'A telegraph operator intercepts a message about her own hanging, dated tomorrow.'),
    (19, 'L''Horloger de Besançon', 2025, 115, 'History,Romance', 'l-horloger-de-besancon', 'A watchmaker builds a clock for a city that has just been told to forget the old calendar.'),
    (20, 'Static Bloom', 2026, 99, 'Horror,Science fiction', 'static-bloom', 'The flowers in a research dome begin to broadcast, and the staff begin to answer.'),
    (21, 'The Bread Thief''s Almanac', 2024, 103, 'Adventure,Comedy', 'the-bread-thief-s-almanac', 'Crossing Europe on foot, a baker''s apprentice survives one stolen loaf per chapter.'),
    (22, 'Le Pont des Absents', 2023, 111, 'Drama,Crime', 'le-pont-des-absents', 'Every year on one date somebody leaves a suitcase on the same bridge; this year it is open.'),
    (23, 'Northbound 47', 2025, 96, 'Thriller', 'northbound-47', 'The last bus before a blizzard has one passenger more than it has tickets.'),
    (24, 'Parade of Small Animals', 2024, 81, 'Animation,Family', 'parade-of-small-animals', 'The creatures of a hedge organise a carnival on the very day the bulldozers are due.'),
    (25, 'Velvet Static', 2022, 113, 'Music,Drama', 'velvet-static', 'A pirate radio presenter in 1983 plays a demo tape that forty people claim to have recorded.'),
    (26, 'The Widow''s Gambit', 2026, 124, 'Crime,Thriller', 'the-widow-s-gambit', 'A retired chess champion recognises her late husband''s opening in a ransom demand.'),
    (27, 'Plein Soleil sur Roubaix', 2024, 92, 'Comedy', 'plein-soleil-sur-roubaix', 'A weaver''s cooperative enters a beach volleyball tournament two hundred kilometres from any beach.'),
    (28, 'Halfway to Ararat', 2023, 131, 'Adventure,Drama', 'halfway-to-ararat', 'Three generations of one family walk to a mountain that the map puts in another country.'),
    (29, 'Bluebottle', 2025, 90, 'Horror', 'bluebottle', 'A summer camp by a windless sea, and something that only drifts ashore at noon.'),
    (30, 'Monsieur Personne', 2024, 98, 'Comedy,Drama', 'monsieur-personne', 'A clerical error declares a postman dead, and he finds that he is better off.'),
    (31, 'The Ferryman of Lake Ohrid', 2023, 108, 'Drama,Fantasy', 'the-ferryman-of-lake-ohrid', 'He takes one coin from the living and two from the dead, and today he was paid three.'),
    (32, 'Overtime', 2026, 102, 'Comedy', 'overtime', 'The night shift of a shopping mall holds its own Olympic Games.'),
    (33, 'Silver Halide', 2025, 117, 'Thriller,Romance', 'silver-halide', 'In a box of undeveloped film a restorer finds photographs of herself, taken before she was born.'),
    (34, 'Les Enfants du Canal', 2024, 95, 'Family,Adventure', 'les-enfants-du-canal', 'Four cousins take over a barge for one summer and find that its log book is unfinished.'),
    (35, 'Dead Reckoning Bay', 2023, 120, 'Adventure,Thriller', 'dead-reckoning-bay', 'A regatta goes on although every compass in the fleet has begun to point at the same house.'),
    (36, 'The Salt Road', 2022, 138, 'History,Adventure', 'the-salt-road', 'A caravan accountant in fourteenth-century Mali has to balance a book that kings would rather burn.'),
    (37, 'Ciel d''Orage', 2026, 106, 'Romance,Drama', 'ciel-d-orage', 'A meteorologist and a winegrower agree on nothing but the date of the hail.'),
    (38, 'Hollow Crown Motel', 2024, 100, 'Crime,Comedy', 'hollow-crown-motel', 'Four jewel thieves check into the same motel with the same fake tiara.'),
    (39, 'Tomorrow''s Laundry', 2025, 91, 'Comedy,Science fiction', 'tomorrow-s-laundry', 'The machines of a launderette in Lille return clothes that their owners have not yet bought.'),
    (40, 'The Listening Tree', 2023, 84, 'Animation,Fantasy', 'the-listening-tree', 'A deaf girl and an old oak strike up a friendship that shakes the forest.'),
    (41, 'Requiem for a Tugboat', 2024, 110, 'Drama', 'requiem-for-a-tugboat', 'The crew of a condemned tug takes her on one last job that nobody ordered.'),
    (42, 'Grain de Sable', 2025, 114, 'Thriller', 'grain-de-sable', 'An auditor at a shipyard finds one rivet too many.'),
    (43, 'Pilgrims of the Ring Road', 2026, 89, 'Documentary', 'pilgrims-of-the-ring-road', 'A year among those who live, work and pray along a city''s motorway belt.'),
    (44, 'The Velociraptor Problem', 2024, 105, 'Comedy,Family', 'the-velociraptor-problem', 'A museum''s interns have until Monday to explain how the skeleton got onto the roof.'),
    (45, 'Cold Harbour Lane', 2022, 123, 'Crime,Drama', 'cold-harbour-lane', 'A detective on the eve of retirement reopens the only case she ever solved.'),
    (46, 'La Tisseuse de Brume', 2025, 87, 'Animation,Fantasy', 'la-tisseuse-de-brume', 'In a village above the clouds a weaver''s apprentice pulls the wrong thread, and the valley appears.'),
    (47, 'Red Clay, White Lines', 2023, 112, 'Drama', 'red-clay-white-lines', 'A groundskeeper''s daughter practises at night on the courts her father sweeps by day.'),
    (48, 'Zenith, Nevada', 2026, 121, 'Science fiction,Western', 'zenith-nevada', 'A town where the sun stopped at noon draws gamblers, scientists and one very patient outlaw.'),
    (49, 'The Apothecary''s Error', 2024, 107, 'History,Thriller', 'the-apothecary-s-error', 'Prague, 1611: a pharmacist must find the customer to whom he sold the wrong bottle.'),
    (50, 'Un Été sans Wi-Fi', 2025, 93, 'Comedy,Family', 'un-ete-sans-wi-fi', 'A family of five wins a holiday in a house with no signal and one bicycle.'),
    (51, 'Low Tide, High Stakes', 2023, 99, 'Crime', 'low-tide-high-stakes', 'Oyster farmers on the Arcachon basin discover that somebody plays poker with their parks.'),
    (52, 'Iron Lullaby', 2024, 127, 'Drama,Music', 'iron-lullaby', 'In a steel town about to close, the brass band rehearses a piece that calls for a blast furnace.'),
    (53, 'Echo Chamber Nine', 2026, 103, 'Science fiction,Thriller', 'echo-chamber-nine', 'Five volunteers in an isolation study hear a sixth.'),
    (54, 'The Marquis of Nowhere', 2022, 116, 'Comedy,History', 'the-marquis-of-nowhere', 'A footman inherits a title, a debt and a duel, in that order.'),
    (55, 'Feux Follets', 2024, 94, 'Horror,Fantasy', 'feux-follets', 'The marsh takes one lantern each autumn; this year the village has gone electric.'),
    (56, 'Grand Hôtel des Courants d''Air', 2025, 108, 'Comedy', 'grand-hotel-des-courants-d-air', 'A seaside palace reopens with one guest, eleven employees and no roof to speak of.'),
    (57, 'The Third Shepherd', 2023, 101, 'Drama', 'the-third-shepherd', 'On a high pasture two shepherds wait for a third, whose flock has already arrived.'),
    (58, 'Signal Lost at Kiruna', 2026, 118, 'Thriller,Science fiction', 'signal-lost-at-kiruna', 'A satellite technician hears a distress call in her own voice.'),
    (59, 'Papillon de Nuit', 2024, 97, 'Drama,Romance', 'papillon-de-nuit', 'A wrestler who moonlights in a drag revue falls for the boxing correspondent.'),
    (60, 'Nine Lives of Señor Gato', 2025, 85, 'Animation,Comedy', 'nine-lives-of-senor-gato', 'On his ninth and last life a theatre cat finally wants to be on stage.'),
    (61, 'The Weight of Feathers', 2024, 125, 'Drama', 'the-weight-of-feathers', 'A pillow factory, a strike, and a negotiator who cannot sleep.'),
    (62, 'Tunnel Vision', 2023, 96, 'Thriller', 'tunnel-vision', 'Under the Channel a train driver is told not to stop, and not to arrive.'),
    (63, 'Lumière Froide', 2026, 132, 'Crime,Drama', 'lumiere-froide', 'In Grenoble a glaciologist drills up evidence from a winter that everybody agreed to forget.'),
    (64, 'Brass Monkeys', 2022, 90, 'Comedy', 'brass-monkeys', 'Four pensioners from Hull set out for the pole with a borrowed caravan.'),
    (65, 'The Keeper of Small Hours', 2025, 109, 'Fantasy,Drama', 'the-keeper-of-small-hours', 'A night watchman is entrusted with the hour that vanishes each spring.'),
    (66, 'Dust Devils', 2024, 113, 'Western,Action', 'dust-devils', 'Rodeo riders by day, the sisters Ortega rob the same bank every leap year.'),
    (67, 'Chambre 12 bis', 2023, 100, 'Horror,Thriller', 'chambre-12-bis', 'A locksmith is asked to change the lock of a room from the inside.'),
    (68, 'Harvest of Stars', 2025, 136, 'Science fiction,Adventure', 'harvest-of-stars', 'When comets turn out to be seeds, farmers are sent instead of astronauts.'),
    (69, 'La Belle Équation', 2024, 104, 'Romance,Drama', 'la-belle-equation', 'Two rival mathematicians write to each other for twenty years about one proof, and a little about the weather.'),
    (70, 'The Counterfeit Saint', 2026, 119, 'History,Crime', 'the-counterfeit-saint', 'A relic dealer in Toulouse has sold the same finger to six cathedrals.'),
    (71, 'Bicycle Kitchen', 2023, 82, 'Documentary', 'bicycle-kitchen', 'Volunteers in a Marseille workshop mend wheels, and what rides on them.'),
    (72, 'Hush, Leviathan', 2025, 129, 'Adventure,Fantasy', 'hush-leviathan', 'A whaler''s crew mutinies when the whale asks for asylum.'),
    (73, 'Ordinary Miracles Ltd', 2024, 95, 'Comedy,Fantasy', 'ordinary-miracles-ltd', 'A small company in Rennes arranges coincidences, until one happens without it.'),
    (74, 'The Rain Auditor', 2022, 111, 'Drama,Science fiction', 'the-rain-auditor', 'In a country where rainfall is taxed, an inspector meets a woman whose garden is always wet.'),
    (75, 'Vent Debout', 2026, 105, 'Adventure,Drama', 'vent-debout', 'A solo sailor with one working arm takes aboard the rival she was leading.'),
    (76, 'Backstage at the Apocalypse', 2024, 98, 'Comedy,Science fiction', 'backstage-at-the-apocalypse', 'The world ends in eight days, and the amateur dramatic society of Limoges is not ready.'),
    (77, 'Saffron', 2023, 120, 'Drama,Romance', 'saffron', 'A spice merchant''s widow reopens the shop, and with it a correspondence in recipes.'),
    (78, 'Two Doors Down', 2025, 92, 'Horror', 'two-doors-down', 'The new neighbours are friendly, helpful, and exactly like the last ones.'),
    (79, 'Le Facteur Sonne en Retard', 2024, 88, 'Comedy', 'le-facteur-sonne-en-retard', 'A letter posted in 1974 arrives in time to ruin a wedding.'),
    (80, 'Black Ice, Blue Flame', 2026, 115, 'Action,Crime', 'black-ice-blue-flame', 'Ice road truckers haul a cargo that must not be allowed to freeze.'),
    (81, 'The Map Room', 2022, 133, 'History,Thriller', 'the-map-room', 'London, 1941: a clerk moves a pin by one centimetre to save one ship, and has to hide it.'),
    (82, 'Ombres Portées', 2025, 106, 'Drama', 'ombres-portees', 'A portrait painter who is losing her sight accepts one last sitter, the critic who made her.'),
    (83, 'Captain Marmalade', 2024, 79, 'Animation,Family', 'captain-marmalade', 'A breakfast-loving pirate seeks the legendary Toast of Tortuga.'),
    (84, 'The Bell Founders', 2023, 122, 'History,Drama', 'the-bell-founders', 'Five monks, one furnace and a bell that the next valley does not want to hear.'),
    (85, 'Last Orders on Mars', 2026, 101, 'Comedy,Science fiction', 'last-orders-on-mars', 'The only pub on the planet loses its licence and its atmosphere on the same evening.'),
    (86, 'Wolves of Gévaudan Street', 2024, 110, 'Horror,History', 'wolves-of-gevaudan-street', 'A taxidermist restores the famous beast for an exhibition, and counts one tooth too many.'),
    (87, 'Sunday Painters', 2025, 97, 'Comedy,Romance', 'sunday-painters', 'An evening class of watercolourists is mistaken for a gang of art forgers, and flattered into it.'),
    (88, 'Rue des Trois Lunes', 2023, 103, 'Fantasy,Family', 'rue-des-trois-lunes', 'In one street of Strasbourg the children can see what the houses dream.'),
    (89, 'Undertow', 2026, 117, 'Thriller', 'undertow', 'A lifeguard saves a man who was reported drowned ten years ago.'),
    (90, 'The Diplomat''s Dog', 2022, 94, 'Comedy', 'the-diplomat-s-dog', 'Peace between two countries depends on finding a dachshund by Friday.'),
    (91, 'Gravel', 2024, 112, 'Drama', 'gravel', 'A cyclist''s domestique is given, for one stage only, permission to win.'),
    (92, 'Le Syndrome de Stendhal Express', 2025, 99, 'Comedy,Crime', 'le-syndrome-de-stendhal-express', 'On a night train full of old masters, everyone faints but the thief.'),
    (93, 'Sleepers of the Silver Coast', 2023, 114, 'Thriller,History', 'sleepers-of-the-silver-coast', 'A fishing village has hosted spies for so long that nobody remembers whose.'),
    (94, 'Moth to a Satellite', 2026, 126, 'Science fiction,Romance', 'moth-to-a-satellite', 'A linguist on the ground and a pilot in orbit have nine minutes a day.'),
    (95, 'The Honest Liar''s Club', 2024, 102, 'Comedy,Drama', 'the-honest-liar-s-club', 'Its members swear to tell one lie a year, and to stand by it.'),
    (96, 'Jardins d''Hiver', 2022, 109, 'Drama', 'jardins-d-hiver', 'A florist and a gravedigger compare the seasons.'),
    (97, 'Thunder Valley Choir', 2025, 107, 'Music,Family', 'thunder-valley-choir', 'A shy miner''s son can only sing underground.'),
    (98, 'No Vacancy at Hotel Babel', 2024, 100, 'Comedy', 'no-vacancy-at-hotel-babel', 'Seventy guests, thirty languages, one lift and a very literal interpreter.'),
    (99, 'The Amber Line', 2023, 118, 'Crime,Thriller', 'the-amber-line', 'A metro driver notices the same commuter dying at a different station every Thursday.'),
    (100, 'Petits Arrangements avec la Lune', 2026, 91, 'Animation,Fantasy', 'petits-arrangements-avec-la-lune', 'The moon wants a day off, and a stubborn girl from Brest has to fill in.'),
    (101, 'Where the Asphalt Ends', 2025, 124, 'Documentary,Adventure', 'where-the-asphalt-ends', 'Doctors on motorcycles bring vaccines to the last thousand villages without a road.'),
    (102, 'Iris, Interrupted', 2024, 105, 'Drama,Romance', 'iris-interrupted', 'A concert pianist wakes from surgery able to play everything but the piece she is famous for.'),
    (103, 'The Bureau of Lost Umbrellas', 2023, 89, 'Comedy,Fantasy', 'the-bureau-of-lost-umbrellas', 'A municipal clerk returns forty umbrellas to the people they were avoiding.'),
    (104, 'Contre-Jour', 2026, 116, 'Thriller,Crime', 'contre-jour', 'A wedding photographer catches, in the background of one picture, two different murders.'),
    (105, 'The Fjord Between Us', 2022, 121, 'Romance,Drama', 'the-fjord-between-us', 'Their villages face each other across the water and have not spoken since the ferry sank.'),
    (106, 'Gunsmoke Lullaby', 2024, 108, 'Western,Music', 'gunsmoke-lullaby', 'A travelling piano tuner is mistaken for the fastest hand in the territory.'),
    (107, 'Le Club des Cinq Heures', 2025, 93, 'Comedy', 'le-club-des-cinq-heures', 'Insomniacs of one building meet at dawn, to bake and to denounce the sixth floor.'),
    (108, 'Drowned Bells of Ys', 2023, 113, 'Fantasy,Adventure', 'drowned-bells-of-ys', 'A diver hears the bells of a city that sank before there were bells.'),
    (109, 'Zero Gravity Waltz', 2026, 98, 'Romance,Science fiction', 'zero-gravity-waltz', 'Dance teachers are hired for an orbital retirement home.'),
    (110, 'The Salt Cellar', 2024, 96, 'Horror', 'the-salt-cellar', 'A restaurant critic is locked in the pantry of a kitchen that holds a grudge.'),
    (111, 'Marathon des Ombres', 2025, 128, 'Drama,Adventure', 'marathon-des-ombres', 'A blind runner and her guide, who has stopped believing in finishing lines, cross the desert.'),
    (112, 'The Inventor of Weekends', 2022, 101, 'Comedy,History', 'the-inventor-of-weekends', 'In 1890 a mill foreman miscounts the days, and the workers do not correct him.'),
    (113, 'Cinder Creek', 2023, 111, 'Western,Crime', 'cinder-creek', 'A burned-down courthouse, a jury with nowhere to sit, and an accused who stays of his own accord.'),
    (114, 'Une Chanson pour Odile', 2024, 104, 'Music,Romance', 'une-chanson-pour-odile', 'A fading crooner discovers that his greatest hit was written to somebody else.'),
    (115, 'Night Bus to Lisbon', 2026, 95, 'Romance', 'night-bus-to-lisbon', 'Between Bordeaux and the Tagus, two people change seats and then plans.'),
    (116, 'The Hundredth Lamp', 2025, 119, 'Adventure,Fantasy', 'the-hundredth-lamp', 'Ninety-nine lamps keep the dark from the pass, and the lamplighter can count.'),
    (117, 'Carnet de Chasse', 2023, 115, 'Crime,Drama', 'carnet-de-chasse', 'A gamekeeper in Sologne writes down everything he sees, and one page is missing.'),
    (118, 'Kitchen Table Politics', 2024, 87, 'Documentary', 'kitchen-table-politics', 'Two brothers run against each other for mayor of a village with ninety-one voters.'),
    (119, 'Solstice Protocol', 2026, 130, 'Action,Science fiction', 'solstice-protocol', 'For one night each year every camera on earth goes blind; a team trains all year for it.'),
    (120, 'La Dernière Marche', 2022, 106, 'Drama', 'la-derniere-marche', 'A retired guide leads the grandson of a man he could not bring back.'),
    (121, 'The Parrot Witness', 2025, 92, 'Comedy,Crime', 'the-parrot-witness', 'The only witness repeats everything, in the voice of whoever fed it last.'),
    (122, 'Blackbird Over Calais', 2024, 117, 'Drama', 'blackbird-over-calais', 'An ornithologist and a border guard count what crosses the sea.'),
    (123, 'Thirteen Steps Down', 2023, 94, 'Horror', 'thirteen-steps-down', 'The cellar stairs of a rented house have thirteen steps by day.'),
    (124, 'Mille Grues', 2026, 110, 'Drama,Family', 'mille-grues', 'A hospital ward for children sets out to fold a thousand cranes before a thousand visitors.'),
    (125, 'The Antiquarian''s Alibi', 2025, 103, 'Crime,Comedy', 'the-antiquarian-s-alibi', 'He could prove where he was, if he admitted which century.'),
    (126, 'Slow Train to Samarkand', 2022, 137, 'Adventure,Romance', 'slow-train-to-samarkand', 'A cook, a smuggler and a cellist share one compartment for eleven days.'),
    (127, 'Écume', 2024, 100, 'Romance,Drama', 'ecume', 'A surfer from Biarritz falls in love with the oceanographer who wants to close her beach.'),
    (128, 'The Apprentice Cloud', 2025, 83, 'Animation,Family', 'the-apprentice-cloud', 'The smallest cloud in the sky has to make its first rain, and is afraid of heights.'),
    (129, 'Counterweight', 2023, 122, 'Thriller,Action', 'counterweight', 'A lift engineer is the only one who can reach the ninetieth floor, and the only one who knows why not to.'),
    (130, 'Les Bonnes Manières de la Mort', 2026, 98, 'Comedy,Fantasy', 'les-bonnes-manieres-de-la-mort', 'Death takes an evening class in small talk.'),
    (131, 'Harbour of Wolves', 2024, 126, 'History,Action', 'harbour-of-wolves', 'Saint-Malo, 1693: a privateer''s widow has one tide to save the town.'),
    (132, 'The Unfinished Symphony Hall', 2025, 112, 'Music,Documentary', 'the-unfinished-symphony-hall', 'Fifteen years, four architects and one orchestra waiting in a car park.'),
    (133, 'Fourteen Floors of Solitude', 2022, 107, 'Drama', 'fourteen-floors-of-solitude', 'A window cleaner befriends a tower, one floor at a time.'),
    (134, 'Nebula Diner', 2024, 96, 'Comedy,Science fiction', 'nebula-diner', 'At the last stop before hyperspace, the waitress has heard every story but hers.'),
    (135, 'La Nuit du Chasse-Neige', 2023, 90, 'Thriller,Comedy', 'la-nuit-du-chasse-neige', 'Snowed in at a motorway service area, forty travellers hold an election.'),
    (136, 'The Orchid Smuggler', 2026, 120, 'Adventure,Crime', 'the-orchid-smuggler', 'A botanist follows a stolen flower through five countries and three fiancés.'),
    (137, 'Bright Water, Dark Water', 2025, 114, 'Drama,Thriller', 'bright-water-dark-water', 'The river keeper of a dam village finds that the level falls only when somebody lies.'),
    (138, 'Tango for Three', 2024, 99, 'Romance,Comedy', 'tango-for-three', 'A couple who cannot dance hires a teacher who cannot leave.'),
    (139, 'Le Maître des Marées', 2023, 131, 'Fantasy,Adventure', 'le-maitre-des-marees', 'On an island where the sea obeys one family, the heir cannot swim.'),
    (140, 'A Handful of Thunder', 2022, 116, 'Action,Drama', 'a-handful-of-thunder', 'A storm chaser takes on her estranged father as navigator for one last season.'),
    (141, 'Ghost Frequency', 2026, 93, 'Horror,Music', 'ghost-frequency', 'A sound engineer cleans an old recording, and something in it asks for silence.'),
    (142, 'The Accidental Matador', 2025, 95, 'Comedy', 'the-accidental-matador', 'A vegan accountant from Nîmes inherits a bull, and the bull''s reputation.'),
    (143, 'Vertige Blanc', 2024, 123, 'Adventure,Thriller', 'vertige-blanc', 'Five climbers, four ropes and a summit that has moved.'),
    (144, 'Postcards from Pompeii', 2023, 108, 'History,Romance', 'postcards-from-pompeii', 'An archaeologist pieces together two lovers'' graffiti, one wall at a time.'),
    (145, 'The Mirror Maker of Murano', 2026, 127, 'History,Fantasy', 'the-mirror-maker-of-murano', 'A glass master makes a mirror that is one day ahead.'),
    (146, 'Ballad of the Coal Barge', 2022, 102, 'Music,Drama', 'ballad-of-the-coal-barge', 'A mute bargeman and a stowaway singer go down the Rhine in winter.'),
    (147, 'Les Invisibles du Métro', 2025, 86, 'Documentary', 'les-invisibles-du-metro', 'The people who keep a city moving between one and five in the morning.'),
    (148, 'Double Fault', 2024, 106, 'Thriller,Drama', 'double-fault', 'A line judge with a perfect eye is offered a fortune to blink.'),
    (149, 'The Snow Accountants', 2023, 97, 'Comedy,Family', 'the-snow-accountants', 'In a ski resort without snow, two children find the ledger in which winters are booked.'),
    (150, 'Ember and Oak', 2025, 118, 'Fantasy,Romance', 'ember-and-oak', 'The last charcoal burner of the forest falls in love with one of its trees.'),
    (151, 'Le Roi du Carton', 2026, 101, 'Comedy,Drama', 'le-roi-du-carton', 'A homeless architect builds a cardboard palace, and the planning office takes it seriously.'),
    (152, 'Seventeen Seconds to Antwerp', 2024, 109, 'Crime,Action', 'seventeen-seconds-to-antwerp', 'A diamond courier is always seventeen seconds behind her own robbery.'),
    (153, 'The Museum of Unsent Letters', 2025, 113, 'Drama,Romance', 'the-museum-of-unsent-letters', 'A curator breaks the one rule of her museum, and posts something.'),
    (154, 'Tambour Battant', 2023, 94, 'Music,Comedy', 'tambour-battant', 'A samba school in Roubaix loses its drums on the eve of carnival.'),
    (155, 'Polar Night Radio', 2026, 105, 'Thriller,Horror', 'polar-night-radio', 'In the third month of darkness a presenter''s only caller phones from outside.'),
    (156, 'The Last Projectionist', 2024, 91, 'Documentary', 'the-last-projectionist', 'In a village cinema of the Creuse, one man shows one film a week to whoever is left.'),
    (157, 'Buffalo Nickel', 2025, 117, 'Western,Adventure', 'buffalo-nickel', 'A mint clerk carries the design of a coin across a territory where nobody wants to be portrayed.'),
    (158, 'Mustard Seeds', 2026, 94, 'Family,Comedy', 'mustard-seeds', 'The children of Dijon''s oldest mill enter a science fair with a condiment that should not glow.'),
    (159, 'Anatomy of an Echo', 2023, 113, 'Music,Thriller', 'anatomy-of-an-echo', 'A foley artist recognises a sound that she has made only once, in somebody else''s evidence.'),
    (160, 'Les Longs Dimanches de Pluie', 2025, 108, 'Drama,Family', 'les-longs-dimanches-de-pluie', 'Three sisters empty their father''s garage and find every bicycle they ever lost.');

INSERT INTO public.movies (id, title, description, poster, duration, year, created_at)
SELECT pg_temp.seed_id(4, number), title, description,
       'https://posters.holdfast.example/' || poster || '.jpg', duration, year, pg_temp.seed_time(4, number)
FROM pg_temp.seed_movies;

INSERT INTO public.genres (id, name)
SELECT pg_temp.seed_id(2, row_number() OVER (ORDER BY name)), name
FROM (SELECT DISTINCT unnest(string_to_array(genres, ',')) AS name FROM pg_temp.seed_movies) AS named;

INSERT INTO public.movie_genres (movie_id, genre_id)
SELECT pg_temp.seed_id(4, movie.number), genre.id
FROM pg_temp.seed_movies AS movie
JOIN public.genres AS genre ON genre.name::text = ANY (string_to_array(movie.genres, ','));

INSERT INTO public.actors (id, name)
SELECT pg_temp.seed_id(3, actor.number), actor.name
FROM (VALUES
    (1, 'Adèle Fontanel'),
    (2, 'Bastien Quéméneur'),
    (3, 'Camille Roussillon'),
    (4, 'Dario Benvenuti'),
    (5, 'Élodie Marchetti'),
    (6, 'Farid Belkacemi'),
    (7, 'Gwenaëlle Le Goff'),
    (8, 'Hugo Vandenbroucke'),
    (9, 'Inès Carrasco'),
    (10, 'Jonas Lindqvist'),
    (11, 'Katarzyna Wolska'),
    (12, 'Léon Aubrac'),
    (13, 'Maëlys Duquesne'),
    (14, 'Nikolai Antonov'),
    (15, 'Océane Brisebois'),
    (16, 'Pascal Thévenoud'),
    (17, 'Quentin Lacombe'),
    (18, 'Rosalind Achterberg'),
    (19, 'Saïd Ouahbi'),
    (20, 'Thaïs Montclar'),
    (21, 'Ulrich Steinmann'),
    (22, 'Valentina Cordero'),
    (23, 'Wendell Hargreave'),
    (24, 'Xénia Papadaki'),
    (25, 'Yannick Kermorgant'),
    (26, 'Zoé Lavergne'),
    (27, 'Amara Diabaté'),
    (28, 'Benedikt Höllerer'),
    (29, 'Clémence Jourdain'),
    (30, 'Desmond Akintola'),
    (31, 'Eléonore Vasseur'),
    (32, 'Fabrice Montagnier'),
    (33, 'Greta Söderholm'),
    (34, 'Hiroshi Kanemura'),
    (35, 'Isaure de Pontbriand'),
    (36, 'Joaquim Teixeira'),
    (37, 'Kwame Asante-Boateng'),
    (38, 'Lucie Trémaux'),
    (39, 'Marguerite Oyono'),
    (40, 'Nadia Benhaddou'),
    (41, 'Olivier Castaignet'),
    (42, 'Priya Raghunathan'),
    (43, 'Raphaëlle Desmoulins'),
    (44, 'Stellan Brekke'),
    (45, 'Théodore Guilbaud'),
    (46, 'Ursula Vogt'),
    (47, 'Victoire Salembier'),
    (48, 'Zdeněk Havránek')
) AS actor (number, name);

INSERT INTO public.movie_cast (movie_id, actor_id, position)
SELECT pg_temp.seed_id(4, number),
       pg_temp.seed_id(3, 1 + (number * 11 + place * (1 + number % 6)) % 48), place
FROM pg_temp.seed_movies, generate_series(1, 3 + number % 3) AS place;

-- Of every eight movies, one can be seen everywhere, three in one country alone and four in France and elsewhere.
INSERT INTO public.movie_availability (movie_id, country_code)
SELECT pg_temp.seed_id(4, number), country.code
FROM pg_temp.seed_movies
JOIN (VALUES (0, 'FR'), (1, 'BE'), (2, 'CA'), (3, 'CH'), (4, 'LU')) AS country (index, code)
  ON CASE number % 8
         WHEN 0 THEN true
         WHEN 1 THEN country.index = number / 8 % 5
         WHEN 4 THEN country.index = number / 8 % 5
         WHEN 6 THEN country.index = number / 8 % 5
         ELSE country.index IN (0, 1 + number / 8 % 4, 1 + (number / 8 + number % 8) % 4)
     END;


-- Sessions: what can be seen in France, from five days ago to two weeks ahead. Of every ten such movies one has
-- no sessions, one only past ones, two only coming ones; one leaves soon, one has just started.

CREATE TEMPORARY TABLE seed_runs AS
SELECT number, duration,
       CASE kind WHEN 2 THEN 2 + number % 9 WHEN 3 THEN 1 + number % 5 WHEN 5 THEN -(number % 3) ELSE -5 END
           AS first_day,
       CASE kind WHEN 1 THEN -1 - number % 3 WHEN 4 THEN 2 + number % 6 ELSE 14 END AS last_day
FROM (
    SELECT number, duration, (row_number() OVER (ORDER BY number)) % 10 AS kind
    FROM pg_temp.seed_movies
    JOIN public.movie_availability ON movie_id = pg_temp.seed_id(4, number) AND country_code = 'FR'
) AS shown
WHERE kind > 0;

-- What a place shows in one of the day's slots: the same movie for four days, while it runs.
CREATE FUNCTION pg_temp.seed_choice(place int, day int, slot int) RETURNS int
LANGUAGE sql STABLE AS $choice$
    SELECT number FROM pg_temp.seed_runs WHERE day BETWEEN first_day AND last_day
    ORDER BY (number * 7919 + place * 3571 + slot * 6133 + (day + 8) / 4 * 4409) % 10007, number
    LIMIT 1
$choice$;

CREATE TEMPORARY TABLE seed_sessions AS
WITH RECURSIVE programme AS (
    SELECT place.number AS place, day, 1 AS slot, run.number AS movie, run.duration,
           (SELECT today FROM pg_temp.seed_today) + day + time '10:00'
               + place.number % 4 * interval '15 minutes' AS starts
    FROM pg_temp.seed_places AS place
    CROSS JOIN generate_series(-5, 14) AS day
    JOIN pg_temp.seed_runs AS run ON run.number = pg_temp.seed_choice(place.number, day, 1)
    UNION ALL
    SELECT place, day, slot + 1, run.number, run.duration, next.starts
    FROM programme
    CROSS JOIN LATERAL (
        SELECT starts + (programme.duration + 19) / 5 * 5 * interval '1 minute' AS starts
    ) AS next
    JOIN pg_temp.seed_runs AS run ON run.number = pg_temp.seed_choice(place, day, slot + 1)
    WHERE next.starts <= (SELECT today FROM pg_temp.seed_today) + day + time '22:30'
)
SELECT row_number() OVER (ORDER BY day, slot, place)::int AS number, place, movie,
       starts AT TIME ZONE 'Europe/Paris' AS starts_at,
       CASE WHEN starts::time < '12:00' THEN 790 WHEN starts::time < '18:00' THEN 1090 ELSE 1290 END
           + CASE WHEN extract(isodow FROM starts) > 5 THEN 100 ELSE 0 END AS price
FROM programme;

INSERT INTO public.inventory (id, capacity, sales_end, seat_plan_id, sold_seats)
SELECT pg_temp.seed_id(6, session.number), place.capacity, session.starts_at, plan.id, repeat('0', cells)::bit varying
FROM pg_temp.seed_sessions AS session
JOIN public.places AS place ON place.id = pg_temp.seed_id(5, session.place)
LEFT JOIN public.seat_plans AS plan ON plan.id = place.seat_plan_id;

INSERT INTO public.sessions (id, movie_id, place_id, starts_at, price, created_at)
SELECT pg_temp.seed_id(6, number), pg_temp.seed_id(4, movie), pg_temp.seed_id(5, place), starts_at, price,
       pg_temp.seed_midnight(-20)
FROM pg_temp.seed_sessions;


-- Ratings: each customer has rated some thirty movies, some movies nobody.

INSERT INTO public.ratings (id, user_id, movie_id, value, created_at, updated_at)
SELECT pg_temp.seed_id(7, number), pg_temp.seed_id(1, customer + 2), pg_temp.seed_id(4, movie),
       least(5, greatest(0, round(1 + movie * 37 % 31 / 5.0 + (customer * 17 + movie * 11) % 7) / 2)),
       rated_at, rated_at
FROM (
    SELECT row_number() OVER (ORDER BY customer.number, movie.number) AS number,
           customer.number AS customer, movie.number AS movie,
           pg_temp.seed_midnight(-customer.number - movie.number % 30) AS rated_at
    FROM pg_temp.seed_customers AS customer, pg_temp.seed_movies AS movie
    WHERE (movie.number * 13 + customer.number * 29) % 100 < 20 AND movie.number % 17 > 0
) AS given;


-- Saved movies: the first five customers have forty each, of all countries, saved at different hours of the last month.

INSERT INTO public.saved_movies (user_id, movie_id, date_added)
SELECT pg_temp.seed_id(1, customer.number + 2), pg_temp.seed_id(4, movie.number),
       pg_temp.seed_midnight(-30) + movie.number * 97 % 160 * interval '4 hours' + customer.number * interval '7 minutes'
FROM pg_temp.seed_customers AS customer, pg_temp.seed_movies AS movie
WHERE customer.number <= 5 AND (movie.number + movie.number / 8 + customer.number) % 4 = 0;


-- Bookings: for one session in five, made before it and before today, in the order of the sessions; one in nine is
-- cancelled, and one session in sixty is all but sold out.

INSERT INTO public.bookings (
    id, session_id, user_id, seats, status, unit_price, currency,
    created_at, closes_at, reserved_at, confirmed_at, cancelled_at
)
SELECT pg_temp.seed_id(8, made.number), session.id, pg_temp.seed_id(1, 3 + made.number % 20),
       CASE WHEN made.number % 12 = 5 AND made.number % 9 > 0 THEN inventory.capacity - 2
       ELSE 1 + made.number % 5 END,
       CASE WHEN made.number % 9 > 0 THEN 'confirmed' ELSE 'cancelled' END, session.price, session.currency,
       made.at, made.at + interval '60 s', made.at + interval '9 s',
       CASE WHEN made.number % 9 > 0 THEN made.at + interval '31 s' END,
       CASE WHEN made.number % 9 = 0 THEN made.at + interval '22 s' END
FROM (
    SELECT number AS session, number / 5 AS number,
           pg_temp.seed_midnight(-12)
           + number * (pg_temp.seed_midnight(0) - pg_temp.seed_midnight(-12)) / (1 + max(number) OVER ()) AS at
    FROM pg_temp.seed_sessions
) AS made
JOIN public.sessions AS session ON session.id = pg_temp.seed_id(6, made.session)
JOIN public.inventory ON inventory.id = session.id
WHERE made.session % 5 = 0;

-- In a session with numbered seats a few sit side by side, not on a wheelchair place; who takes nearly all begins at the
-- screen.

CREATE TEMPORARY TABLE seed_seats AS
SELECT place, position, label || number AS label, kind, coalesce((supplements ->> kind)::int, 0) AS supplement,
       row_number() OVER (PARTITION BY place ORDER BY position) AS nth,
       CASE WHEN members = 5 THEN dense_rank() OVER (PARTITION BY place, members ORDER BY line, run, fifth) END AS block,
       row_number() OVER (PARTITION BY place, line, run, fifth ORDER BY position) AS nth_of_block
FROM (
    SELECT *, count(*) OVER (PARTITION BY place, line, run, fifth) AS members
    FROM (
        SELECT *, (row_number() OVER (PARTITION BY place, line, run ORDER BY position) - 1) / 5 AS fifth
        FROM (
            SELECT *, CASE WHEN kind <> 'wheelchair' THEN
                       position - row_number() OVER (PARTITION BY place, line, kind = 'wheelchair' ORDER BY position)
                   END AS run
            FROM pg_temp.seed_cells WHERE is_seat
        ) AS runs
    ) AS fifths
) AS blocks JOIN pg_temp.seed_drawings USING (place);

INSERT INTO public.booking_seats (session_id, label, booking_id, position, kind, price)
SELECT booking.session_id, seat.label, booking.id, position, kind, booking.unit_price + supplement
FROM pg_temp.seed_sessions AS session
JOIN public.bookings AS booking ON session_id = pg_temp.seed_id(6, session.number) AND status = 'confirmed'
JOIN (SELECT place, max(block) AS blocks FROM pg_temp.seed_seats GROUP BY place) AS hall ON hall.place = session.place
JOIN pg_temp.seed_seats AS seat ON seat.place = session.place
WHERE CASE WHEN seats > 5 THEN nth <= seats
      ELSE nth_of_block <= seats AND block = 1 + session.number * 7 % blocks END;

UPDATE public.bookings SET supplements = owned.price - seats * unit_price
FROM (SELECT booking_id, sum(price) AS price FROM public.booking_seats GROUP BY booking_id) AS owned
WHERE bookings.id = owned.booking_id;

UPDATE public.inventory
SET sold = booked.seats, sold_seats = (
    SELECT bit_or(set_bit(inventory.sold_seats, position, 1)) FROM public.booking_seats WHERE session_id = inventory.id
)
FROM (
    SELECT session_id, sum(seats) AS seats FROM public.bookings WHERE status = 'confirmed' GROUP BY session_id
) AS booked
WHERE inventory.id = booked.session_id;


-- Events, some of them over, two of them at the same second. Their tickets were booked in the last days before today,
-- or before the event; one call in seven was cancelled. The room of eight seats is all but sold out.

CREATE TEMPORARY TABLE seed_events (
    number int, name text, address text, latitude float8, longitude float8, seats int, day int, hour int, description text
);
INSERT INTO pg_temp.seed_events VALUES
    (1, 'Jazz by the Garonne', 'Quai des Chartrons, 33000 Bordeaux', '44.8562', '-0.5706', 400, 7, 20, 'Three quintets play into the night on a stage above the river.'),
    (2, 'Night of the String Quartets', 'Théâtre des Célestins, 4 rue Charles Dullin, 69002 Lyon', '45.76', '4.832', 650, 9, 20, 'Ravel, Debussy and a first performance, by four ensembles in turn.'),
    (3, 'Open Air Cinema on the Mound', 'Place Sainte-Anne, 35000 Rennes', '48.1145', '-1.68', 250, 9, 20, 'Short films from Brittany under the sky; blankets are lent at the entrance.'),
    (4, 'Rock in the Hangar', 'Quai des Antilles, 44200 Nantes', '47.2002', '-1.573', 1200, 12, 19, 'Five bands, one hall, doors open at six.'),
    (5, 'Harbour Comedy Club', 'Quai de Rive Neuve, 13007 Marseille', '43.293', '5.369', 90, 5, 21, 'Six comedians, ten minutes each, and the audience decides who comes back.'),
    (6, 'Winter Organ Concert', 'Place du Château, 67000 Strasbourg', '48.5818', '7.751', 300, 21, 17, 'Bach and Widor on the organ of the cathedral.'),
    (7, 'Dance Across the Bridges', 'Pont Saint-Pierre, 31300 Toulouse', '43.6', '1.438', 500, 14, 18, 'A walk with eleven short dances, from one bank to the other.'),
    (8, 'Street Photography Talk', '12 rue des Carmes, 76000 Rouen', '49.442', '1.096', 60, 3, 18, 'Forty years of pictures of the old town, and how they came about.'),
    (9, 'Electro Under the Vault', 'Place Saint-Michel, 21000 Dijon', '47.321', '5.045', 350, 16, 22, 'Two sets among the columns, with lights that follow the sound.'),
    (10, 'Poets at the Lighthouse', 'Quai du Commandant Malbert, 29200 Brest', '48.38', '-4.487', 40, 6, 19, 'New poems from five countries, read in the original and in French.'),
    (11, 'Brass Band Parade', 'Place Masséna, 06000 Nice', '43.6975', '7.2706', 2000, 28, 15, 'Twelve bands from three valleys march to the sea.'),
    (12, 'Piano Recital: Satie Complete', 'Rue Haute, 14600 Honfleur', '49.4213', '0.232', 8, 4, 20, 'Every piece for piano alone, over two evenings, in a room for very few.'),
    (13, 'Farewell Season Concert', '3 place de la Comédie, 34000 Montpellier', '43.6085', '3.88', 800, -3, 20, 'The orchestra''s last evening before its hall is rebuilt.'),
    (14, 'Autumn Storytelling Night', 'Place du Martroi, 45000 Orléans', '47.9025', '1.909', 120, -10, 20, 'Tales from the Loire, told by people who live on it.');

INSERT INTO public.inventory (id, capacity, sales_end)
SELECT pg_temp.seed_id(9, number), seats,
       ((SELECT today FROM pg_temp.seed_today) + day + make_time(hour, 0, 0)) AT TIME ZONE 'Europe/Paris'
FROM pg_temp.seed_events;

INSERT INTO public.events (id, pool, name, starts_at, address, description, latitude, longitude, created_at)
SELECT pg_temp.seed_uuid(9, event.number), pool.id, name, pool.sales_end, address, description, latitude, longitude,
       pg_temp.seed_time(9, event.number)
FROM pg_temp.seed_events AS event
JOIN public.inventory AS pool ON pool.id = pg_temp.seed_id(9, event.number);

CREATE TEMPORARY TABLE seed_ticket_bookings AS
SELECT event.number * 100 + call AS number, event.number AS event,
       pg_temp.seed_id(1, 3 + (event.number + call) % 20) AS user_id,
       CASE WHEN seats < 10 THEN 1 ELSE 1 + (event.number + call) % 4 END AS tickets, (event.number + call) % 7 = 0 AS cancelled,
       pg_temp.seed_midnight(least(day, 0) - 5) + call * interval '5 hours' + event.number * interval '11 minutes' AS booked_at
FROM pg_temp.seed_events AS event CROSS JOIN generate_series(1, 8) AS call;

INSERT INTO public.ticket_bookings (id, event_id, user_id, booked_at)
SELECT pg_temp.seed_id(10, number), pg_temp.seed_uuid(9, event), user_id, booked_at
FROM pg_temp.seed_ticket_bookings;

INSERT INTO public.tickets (id, booking_id, event_id, user_id, booked_at, cancelled_at)
SELECT pg_temp.seed_uuid(11, number * 10 + ticket), pg_temp.seed_id(10, number), pg_temp.seed_uuid(9, event),
       user_id, booked_at, CASE WHEN cancelled THEN booked_at + interval '1 hour' END
FROM pg_temp.seed_ticket_bookings CROSS JOIN LATERAL generate_series(1, tickets) AS ticket;

UPDATE public.inventory SET sold = booked.tickets
FROM (
    SELECT pool, count(*) AS tickets FROM public.tickets JOIN public.events ON events.id = event_id
    WHERE cancelled_at IS NULL GROUP BY pool
) AS booked
WHERE inventory.id = booked.pool;

UPDATE public.events SET cancelled_tickets = cancelled.tickets
FROM (SELECT event_id, count(*) AS tickets FROM public.tickets WHERE cancelled_at IS NOT NULL GROUP BY event_id) AS cancelled
WHERE events.id = cancelled.event_id;


DROP FUNCTION pg_temp.seed_choice;
DROP FUNCTION pg_temp.seed_time;
DROP FUNCTION pg_temp.seed_uuid;
DROP FUNCTION pg_temp.seed_id;
DROP FUNCTION pg_temp.seed_midnight;
DROP TABLE pg_temp.seed_ticket_bookings, pg_temp.seed_events,
           pg_temp.seed_seats, pg_temp.seed_sessions, pg_temp.seed_runs, pg_temp.seed_movies,
           pg_temp.seed_cells, pg_temp.seed_drawings, pg_temp.seed_places, pg_temp.seed_customers, pg_temp.seed_today;
