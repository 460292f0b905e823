// A client by Node's mysql2. Settings come from the environment; what was seen goes to standard
// output, one line of JSON for each step. A step that fails ends the program with status 1.
'use strict';

const mysql = require('mysql2/promise');

const env = process.env;
const settings = {
  host: '127.0.0.1',
  port: Number(env.DB_PORT),
  user: env.DB_USER,
  password: env.DB_PASSWORD,
  database: env.DB_SCHEMA,
  multipleStatements: true,
  ...(env.DB_TLS === '1' ? { ssl: { rejectUnauthorized: false } } : {}),
};

function tell(step, seen) {
  process.stdout.write(JSON.stringify({ step, seen }) + '\n');
}

async function main(connection) {
  const value = async (sql) => Object.values((await connection.query(sql))[0][0])[0];
  tell('user', await value('SELECT CURRENT_USER()'));

  await connection.query('CREATE TABLE node (id INT PRIMARY KEY, x VARCHAR(50), b LONGBLOB)');
  const large = Buffer.alloc(2000000, 'abcdefg');
  await connection.execute('INSERT INTO node VALUES (?, ?, ?)', [1, 'Gr\u00fc\u00dfe', large]);
  const [rows] = await connection.execute('SELECT * FROM node WHERE id = ?', [1]);
  tell('prepared', [rows[0].x, large.equals(rows[0].b)]);

  await connection.beginTransaction();
  await connection.query("INSERT INTO node VALUES (2, 'x', NULL)");
  await connection.rollback();
  await connection.beginTransaction();
  await connection.execute('UPDATE node SET x = ? WHERE id = ?', ['y', 1]);
  await connection.commit();
  tell('transaction', [await value('SELECT COUNT(*) FROM node'), await value('SELECT x FROM node')]);

  const [sets] = await connection.query('SELECT 1 AS a; SELECT 2 AS a');
  tell('several', sets.map((set) => set[0].a));
  try {
    await connection.query('SELECT nothing FROM node');
  } catch (error) {
    tell('error', error.errno);
  }

  if (env.DB_USER_2) {
    await connection.changeUser({
      user: env.DB_USER_2,
      password: env.DB_PASSWORD_2,
      database: env.DB_SCHEMA,
    });
    tell('changed', await value('SELECT CURRENT_USER()'));
    const [again] = await connection.execute('SELECT x FROM node WHERE id = ?', [1]);
    tell('changed rows', again[0].x);
  }

  // Works on until it is told to stop; tells of its first round at each server, and what it did.
  let stop = false;
  process.stdin.on('data', () => {
    stop = true;
  });
  tell('ready', 0);
  await connection.query('SET @n = 0');
  let done = 0;
  let last = 0;
  while (!stop) {
    await connection.query('SET @n = @n + 1');
    await connection.beginTransaction();
    await connection.query('INSERT INTO node VALUES (?, ?, NULL)', [1000 + done, 'w']);
    await connection.commit();
    done++;
    const [rows] = await connection.execute(
      'SELECT @@server_id AS server, @n AS n, x FROM node WHERE id = ?', [1]);
    if (rows[0].x !== 'y' || Number(rows[0].n) !== done) {
      throw new Error('after ' + done + ' rounds: ' + JSON.stringify(rows[0]));
    }
    if (rows[0].server !== last) {
      last = rows[0].server;
      tell('went on', last);
    }
  }
  process.stdin.destroy();
  tell('done', done);
}

(async () => {
  const connection = await mysql.createConnection(settings);
  await main(connection);
  await connection.end();
})().catch((error) => {
  process.stderr.write(String(error.stack) + '\n');
  process.exit(1);
});
