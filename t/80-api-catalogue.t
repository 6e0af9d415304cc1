#!/usr/bin/env perl
# The catalogue: products by the API and out of feeds (YML, Google Merchant) that a server on loopback gives; what is broken, unchanged or suddenly
# empty changes nothing; what a feed has no more is not available, but still there.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Encode qw(encode);
use File::Temp;
use IO::Socket::INET;
use Sheet;
use Test::More;

# A server whose file changes: what stands in $file is given, whatever the path; a path of digits is a status.
my $socket = IO::Socket::INET->new(Listen => 10, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $@;
my $port = $socket->sockport;
my $dir = File::Temp->newdir;
my $file = "$dir/feed";
my $server = fork // die;
if (!$server) {
	$SIG{TERM} = 'DEFAULT';
	while (my $c = $socket->accept) {
		my $first = <$c> // '';
		while (defined(my $line = <$c>)) { last if $line =~ /^\r?\n$/ }
		my $status = $first =~ m{^GET /(\d{3}) } ? $1 : 200;
		open my $f, '<:raw', $file;
		my $body = do { local $/; <$f> };
		print $c "HTTP/1.1 $status x\r\nContent-Type: application/xml\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
		close $c;
	}
	exit;
}
END { kill TERM => $server if $server }
my $serve = sub ($bytes) { open my $f, '>:raw', "$file.new"; print $f $bytes; close $f; rename "$file.new", $file };
my $stored = sub ($name) { open my $f, '<:raw', "$FindBin::Bin/data/$name" or die $name; local $/; <$f> };

my $x = Cxdp->up(conf => { fetch_allow => "127.0.0.1:$port" });
my $b = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));

# --- by the API ---

my $r = $x->api(POST => 'products/bulk', { products => [
	{ external_id => 'api-1', name => 'Ложка', price => '4.20', currency => 'BYN', url => 'https://zerno.example/spoon', params => { 'Цвет' => 'серебро' } },
	{ external_id => 'api-2', name => 'Вилка', price => 5, available => \0 }, { external_id => '', name => 'x' }, { external_id => 'api-3', name => 'x', price => 'many' }] });
is $r->{status}, 200, 'products come in bulk';
is_deeply [$r->{json}{data}{put}, map { $_->{index} } @{ $r->{json}{data}{refused} }], [2, 2, 3], 'wrong ones are named, the others are taken';
my $list = sub ($query = '') { $x->api(GET => "products$query")->{json}{data} };
my %by = map { $_->{external_id} => $_ } @{ $list->() };
is_deeply [@{ $by{'api-1'} }{qw(name price currency available)}], ['Ложка', '4.20', 'BYN', JSON::PP::true], 'one as it was given';
is_deeply [@{ $by{'api-2'} }{qw(price available)}], ['5.00', JSON::PP::false], 'another';
is $x->api(GET => "products/$by{'api-1'}{id}")->{json}{data}{params}{'Цвет'}, 'серебро', 'by its id';
$x->api(POST => 'products/bulk', { products => [{ external_id => 'api-1', name => 'Ложка чайная', price => '4.20' }] });
is_deeply [map { $_->{id} } grep { $_->{name} eq 'Ложка чайная' } @{ $list->() }], [$by{'api-1'}{id}], 'the same external id is the same product';
is scalar @{ $list->('?q=' . join '', map { sprintf '%%%02X', ord } split //, encode('UTF-8', 'ЛОЖ')) }, 1, 'found by a part of its name';
is $list->('?q=api-2')->[0]{external_id}, 'api-2', 'or its id';
$r = $x->api(GET => 'products?limit=1');
isnt $x->api(GET => "products?limit=1&cursor=$r->{json}{next}")->{json}{data}[0]{id}, $r->{json}{data}[0]{id}, 'page by page';
is $x->api(POST => 'products/bulk', { products => [] })->{status}, 422, 'none is refused';

# --- YML ---

my $id_of = sub ($r) { ($r->{headers}{location} // '') =~ m{/(\d+)$} ? $1 : die "not made: $r->{status}\n$r->{text}" };
my $feed = sub ($id) { (grep { $_->{id} eq $id } @{ $x->api(GET => 'feeds')->{json}{data} })[0] };
my $wait = sub ($id) { $x->wait_for(sub { my $f = $feed->($id); $f->{state} ne 'waiting' && $f }, 20, 'the feed') };
my $again = sub ($id, %form) { $b->post("/feeds/$id/run", \%form); $wait->($id) };
my $yml = $stored->('feed.yml.xml');
$serve->($yml);
my $id = $id_of->($b->post('/feeds/new', { name => 'Зерно', url => "http://127.0.0.1:$port/feed.xml", every_h => 6 }));
my $f = $wait->($id);
is_deeply [@$f{qw(state kind product_count problem_count)}], ['done', 'yml', 3, 2], 'a feed is read at once' or diag explain $f;
is_deeply [map { "$_->{line} $_->{problem}" } @{ $f->{problems} }], ['3 "дорого" is no price', '5 the product "noname-1" has no name'], 'its problems are kept';
%by = map { $_->{external_id} => $_ } @{ $list->() };
is_deeply [@{ $by{'tea-1'} }{qw(name price old_price currency category vendor picture url available)}, $by{'tea-1'}{params}],
	['Чай с чабрецом, 100 г', '12.50', '15.00', 'BYN', 'Напитки / Чай', 'Полесье', 'https://zerno.example/tea-1.jpg', 'https://zerno.example/tea-1', JSON::PP::true, { 'Вес' => '100' }], 'an offer is a product';
is_deeply [@{ $by{'coffee-1'} }{qw(name available group_id)}], ['Кофе Обжарка 8 Бразилия', JSON::PP::false, 'coffee'], 'one of type, vendor and model';
is_deeply [@{ $by{'jar-1'} }{qw(price url)}], ['7.90', ''], 'a comma in a price; an address that is none is left out';
like $f->{next_at}, qr/^\d{4}-/, 'it says when it is read next';
is scalar(@{[$x->sql('select * from product_category')]}), 3, 'categories are kept';

is $again->($id)->{state}, 'unchanged', 'the same file is passed over';
$serve->(substr $yml, 0, 900);
is $again->($id)->{state}, 'failed', 'half a file changes nothing';
like $feed->($id)->{error}, qr/not well-formed|cut off/, 'and says why';
is scalar(grep { $_->{external_id} eq 'tea-1' && $_->{available} } @{ $list->() }), 1, 'all is as it was';
$serve->($yml =~ s{SYSTEM "shops.dtd"}{[<!ENTITY x "y">]}r);
like $again->($id)->{error}, qr/DOCTYPE/, 'a DOCTYPE with something in it is refused';
$serve->('<html><body>404</body></html>');
like $again->($id)->{error}, qr/begins with/, 'a page is no feed';
$serve->($yml =~ s{<offer id="tea-1".*?</offer>}{}sr);
$f = $again->($id);
is_deeply [@$f{qw(state gone_count)}], ['done', 1], 'what it has no more';
is_deeply [map { $_->{available} } grep { $_->{external_id} eq 'tea-1' } @{ $list->() }], [JSON::PP::false], 'is not available, and still there';

# --- suddenly empty ---

my $many = sub ($n) { encode 'UTF-8', '<yml_catalog><shop><offers>' . join('', map { "<offer id='m-$_'><name>Товар $_</name><price>$_</price></offer>" } 1 .. $n) . '</offers></shop></yml_catalog>' };
$serve->($many->(1200));
is $again->($id)->{product_count}, 1200, 'a larger one';
$serve->($many->(500));
$f = $again->($id);
is $f->{state}, 'held', 'less than half of it is held';
like $f->{error}, qr/1200 products, now there are 500/, 'with the figures';
is +($x->sql("select count(*) from product where external_id like 'm-%' and available = 1"))[0][0], 1200, 'nothing is changed';
like $b->get("/feeds/$id")->{text}, qr/было товаров 1200, стало 500/, 'the page shows it, in the words of its reader';
$f = $again->($id, force => 1);
is_deeply [@$f{qw(state gone_count)}], ['done', 700], 'until somebody says so';

# --- on its schedule ---

my $ran = $feed->($id)->{ran_at};
$serve->($many->(501));
$x->sql("update job set due_at_us = 1 where kind = 'feed' and state = 'queued'");
$f = $x->wait_for(sub { my $now = $feed->($id); $now->{ran_at} ne $ran && $now }, 20, 'its hour');
is_deeply [@$f{qw(state product_count)}], ['done', 501], 'when its hour comes it is read by itself';
is +($x->sql("select count(*) from job where kind = 'feed' and state = 'queued'"))[0][0], 1, 'by one job, whatever was read by hand';

# --- Google Merchant, and what answers badly ---

$serve->($stored->('feed.google.xml'));
my $google = $id_of->($b->post('/feeds/new', { name => 'Lantern', url => "http://127.0.0.1:$port/g.xml", every_h => 0 }));
is_deeply [@{ $wait->($google) }{qw(state kind product_count)}], ['done', 'google', 2], 'Google Merchant in RSS';
%by = map { $_->{external_id} => $_ } @{ $list->('?limit=10') };
is_deeply [@{ $by{'L-1'} }{qw(name price old_price currency category vendor group_id available)}], ['Desk lantern', '99.90', '120.00', 'EUR', 'Light > Desk', 'Lantern', 'L', JSON::PP::true], 'a sale price is the price; that of shipping is none';
is $by{'L-2'}{available}, JSON::PP::false, 'out of stock';
$serve->($stored->('feed.atom.xml'));
is $again->($google, force => 1)->{product_count}, 1, 'Google Merchant in Atom';
is $list->('?q=A-1')->[0]{url}, 'https://lantern.example/a-1', 'with its link';
# --- tables: as a shop saves them ---

my $table = $id_of->((sub { $serve->(encode 'cp1251', "Артикул;Название;Цена;Валюта;Наличие;Категория\r\n" .
	"t-1;Плед \"Иней\";1 234,50;BYN;5;Дом\r\nt-2;\"Плед \"\"Снег\"\"; тёплый\";99;BYN;0;Дом\r\n;Без номера;1;BYN;1;Дом\r\n" .
	"t-3;Плед;дёшево;BYN;1;Дом\r\n\r\nt-5;Плед;6;BYN;да;Дом\r\nt-4;Плед;5;BYN;1;Дом;лишнее\r\n"); $b->post('/feeds/new', { name => 'Пледы', url => "http://127.0.0.1:$port/t.csv", every_h => 24 }) })->());
$f = $wait->($table);
is_deeply [@$f{qw(state kind product_count)}], ['done', 'table', 3], 'CSV of CP1251 with semicolons' or diag explain $f;
is_deeply [map { $_->{line} } @{ $f->{problems} }], [4, 5, 8], 'rows without an id, with a price that is none, with a cell too many are named by their lines' or diag explain $f->{problems};
%by = map { $_->{external_id} => $_ } @{ $list->('?limit=10') };
is_deeply [map { @{ $by{$_} }{qw(name price currency category available)} } qw(t-1 t-2)],
	['Плед "Иней"', '1234.50', 'BYN', 'Дом', JSON::PP::true, 'Плед "Снег"; тёплый', '99.00', 'BYN', 'Дом', JSON::PP::false], 'as they were written';
is $by{'t-4'}, undef, 'a row that is not whole is no product';
$serve->(Sheet::bytes(['sku', 'name', 'price', 'old price', 'in stock'], ['t-1', 'Throw', '10.5', '12', 'x'], ['t-9', 'Rug', '7', '', 'x'], ['t-8', 'Mat', \'#N/A', '', 'x']));
$f = $again->($table);
is_deeply [@$f{qw(state kind product_count gone_count)}], ['done', 'table', 2, 1], 'the same address gives a workbook' or diag explain $f;
%by = map { $_->{external_id} => $_ } @{ $list->('?limit=10') };
is_deeply [map { @{ $by{$_} }{qw(name price old_price available)} } qw(t-1 t-9)], ['Throw', '10.50', '12.00', JSON::PP::true, 'Rug', '7.00', undef, JSON::PP::true], 'with numbers as numbers';
is_deeply [map { $_->{line} } @{ $f->{problems} }], [4], 'a price whose formula went wrong is none';
like $b->get("/feeds/$table")->{text}, qr/Формула ячейки C4 не посчитана/, 'the page says so in the words of its reader';
is $by{'t-5'}{available}, JSON::PP::false, 'what it has no more is not available';
$serve->(Sheet::bytes(['name', 'price'], ['Throw', '10.5']));
like $again->($table)->{error}, qr/has a column "id"/, 'a table without ids is refused';
$serve->(substr do { open my $h, '<:raw', $file; local $/; <$h> }, 0, 300);
is $again->($table)->{state}, 'failed', 'so is half a workbook';

my $bad = $id_of->($b->post('/feeds/new', { name => 'Нет', url => "http://127.0.0.1:$port/500", every_h => 0 }));
like $wait->($bad)->{error}, qr/answered with 500/, 'a server in trouble';
my $inside = $id_of->($b->post('/feeds/new', { name => 'Внутрь', url => 'http://127.0.0.1:1/', every_h => 0 }));
like $wait->($inside)->{error}, qr/not asked/, 'an address inside is not asked';
is $b->post("/feeds/$bad/delete")->{status}, 303, 'one is deleted';
is $feed->($bad), undef, 'and is gone';
for my $case ([{ name => '', url => 'https://a.example/', every_h => 1 }, 'a name'], [{ name => 'x', url => 'ftp://a.example/', every_h => 1 }, 'an address'],
	[{ name => 'Зерно', url => 'https://a.example/', every_h => 1 }, 'another name']) {
	like $b->post('/feeds/new', $case->[0])->{status}, qr/^4(?:09|22)$/, "$case->[1] is wanted";
}
done_testing;
