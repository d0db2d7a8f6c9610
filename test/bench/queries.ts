/** The peers' side of each line: the same question as ours, in SQL. */

/** Group, three quintile scores kept for every customer (as ours keeps them), and from these the 125-cell matrix. */
export const rfm = `
CREATE OR REPLACE TEMP TABLE scored AS
WITH grouped AS (SELECT customer, max(day) AS last, count(*) AS frequency, sum(cents) AS monetary FROM transactions GROUP BY customer)
SELECT customer, last, frequency, monetary, ntile(5) OVER (ORDER BY last) AS r, ntile(5) OVER (ORDER BY frequency) AS f, ntile(5) OVER (ORDER BY monetary) AS m FROM grouped;
SELECT r, f, m, count(*) AS customers FROM scored GROUP BY ALL ORDER BY ALL`;

/** The 125-cell matrix alone, nothing kept of the customers: less than ours does, and the harder peer to be held against. */
export const rfmMatrix = `
WITH grouped AS (SELECT customer, max(day) AS last, count(*) AS frequency, sum(cents) AS monetary FROM transactions GROUP BY customer),
scored AS (SELECT ntile(5) OVER (ORDER BY last) AS r, ntile(5) OVER (ORDER BY frequency) AS f, ntile(5) OVER (ORDER BY monetary) AS m FROM grouped)
SELECT r, f, m, count(*) AS customers FROM scored GROUP BY ALL ORDER BY ALL`;

/** Calendar-month cohorts of the first purchase by months after it; day 0 is 2021-01-01. */
export const cohorts = `
WITH months AS (SELECT customer, date_diff('month', DATE '1970-01-01', DATE '2021-01-01' + day::INTEGER) AS month FROM transactions),
firsts AS (SELECT customer, min(month) AS cohort FROM months GROUP BY customer),
active AS (SELECT DISTINCT customer, month FROM months)
SELECT cohort, month - cohort AS gap, count(*) AS customers FROM active JOIN firsts USING (customer) GROUP BY ALL ORDER BY ALL`;

/**
 * The exact ordered funnel, five steps within seven days of the first: a chain of windows, as any later start may do better.
 * The latest start that can still reach step k is carried from row to row.
 */
export const funnel = `
WITH s1 AS (SELECT customer, time, step, max(CASE WHEN step = 1 THEN time END) OVER w AS t1 FROM events WINDOW w AS (PARTITION BY customer ORDER BY time, step ROWS UNBOUNDED PRECEDING)),
s2 AS (SELECT *, max(CASE WHEN step = 2 AND time - t1 <= 604800 THEN t1 END) OVER w AS t2 FROM s1 WINDOW w AS (PARTITION BY customer ORDER BY time, step ROWS UNBOUNDED PRECEDING)),
s3 AS (SELECT *, max(CASE WHEN step = 3 AND time - t2 <= 604800 THEN t2 END) OVER w AS t3 FROM s2 WINDOW w AS (PARTITION BY customer ORDER BY time, step ROWS UNBOUNDED PRECEDING)),
s4 AS (SELECT *, max(CASE WHEN step = 4 AND time - t3 <= 604800 THEN t3 END) OVER w AS t4 FROM s3 WINDOW w AS (PARTITION BY customer ORDER BY time, step ROWS UNBOUNDED PRECEDING)),
level AS (SELECT customer, max(CASE WHEN step = 5 AND time - t4 <= 604800 THEN 5 WHEN t4 IS NOT NULL THEN 4 WHEN t3 IS NOT NULL THEN 3 WHEN t2 IS NOT NULL THEN 2 WHEN t1 IS NOT NULL THEN 1 ELSE 0 END) AS reached FROM s4 GROUP BY customer)
SELECT reached, count(*) AS customers FROM level GROUP BY reached ORDER BY reached`;
