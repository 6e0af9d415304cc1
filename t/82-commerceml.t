#!/usr/bin/env perl
# 1C talks to its address as to a site: orders, counterparties and goods arrive, once.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Encode qw(encode decode);
use MIME::Base64 qw(encode_base64);
use Test::More;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $x = Cxdp->up;
my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my ($source) = $admin->post('/sources/new', { name => '1С', kind => 'system' })->{headers}{location} =~ m{(\d+)$};
$admin->post("/sources/$source/hook", { sign_how => '', headers => '', prefix => '1c-' });
my $page = $admin->get("/sources/$source/hook")->{text};
my ($path) = $page =~ m{(/1c/[0-9A-Za-z]{43})<} or die 'no address';
my ($password) = $page =~ m{id="snip-onec-password"[^>]*>([0-9A-Za-z]{24})<} or die 'no password';
my $basic = 'Basic ' . encode_base64("$source:$password", '');
my $cookie;

sub talk ($query, $body = undef, %headers) {
	%headers = (authorization => $basic) if !%headers;
	my $r = $x->http(defined $body ? 'POST' : 'GET', "$path?$query", defined $body ? (body => $body) : (), headers => \%headers);
	return $r;
}
sub says ($query, $body = undef, %headers) { return talk($query, $body, %headers)->{content} }
sub sample ($name) {
	open my $f, '<:raw', "$FindBin::Bin/data/$name" or die "$name: $!";
	local $/;
	return decode('UTF-8', <$f>);
}
sub imported ($type, $file) {
	my $said;
	$x->wait_for(sub { ($said = says("type=$type&mode=import&filename=$file")) !~ /^progress/ }, 15, "$file is read");
	return $said;
}
sub profile ($id) {
	my $r = $x->api(GET => "profiles?external_id=$id");
	return $r->{status} == 200 ? $r->{json}{data} : undef;
}
sub events ($id) {
	my $p = profile($id) or return;
	return grep { $_->{type} =~ /^Order/ } @{ $x->api(GET => "profiles/$p->{id}/events?limit=50")->{json}{data} };
}

# --- who may ---

is talk('type=sale&mode=checkauth', undef, authorization => 'Basic ' . encode_base64("$source:wrong", ''))->{status}, 401, 'a wrong password';
is talk('type=sale&mode=init', undef, 'x-none' => 1)->{status}, 401, 'none at all';
like says('type=sale&mode=init', undef, 'x-none' => 1), qr/^failure\n/, 'in words of 1C';
my @lines = split /\n/, says('type=sale&mode=checkauth');
is "@lines[0, 1]", 'success cxdp1c', 'the right one gets a cookie';
my %with = (cookie => "$lines[1]=$lines[2]");
is says('type=sale&mode=init', undef, %with), "zip=no\nfile_limit=4194304\n", 'which is enough from then on';
is talk('type=sale&mode=init', undef, cookie => "$lines[1]=" . ('A' x 22))->{status}, 401, 'another cookie is not';
is talk('type=sale&mode=nothing')->{status}, 400, 'a mode nobody knows';

# --- orders, in the encoding 1C likes ---

like decode('UTF-8', says('type=sale&mode=query')), qr/<КоммерческаяИнформация /, 'there are no orders for 1C: an empty document';
my $orders = sample('commerce-orders.xml');
my $bytes = encode('cp1251', $orders =~ s/UTF-8/windows-1251/r);
is says('type=sale&mode=file&filename=orders.xml', $bytes, %with), "success\n", 'a file of orders';
is imported('sale', 'orders.xml'), "success\n", 'is read';
my ($first) = events('1c-client-1');
is $first->{type}, 'Order Completed', 'an order is an event';
is_deeply [@{ $first->{properties} }{qw(order_id order_number total currency status)}], ['order-1', 'Ц-000001', 120.5, 'BYN', 'Принят'], 'with what it says';
is_deeply [map { $_->{quantity} * $_->{price} } @{ $first->{properties}{products} }], [100, 20.5], 'and its goods';
like $first->{at} // $first->{timestamp} // '', qr/^2026-11-24T09:30:00/, 'when it was made, by the company\'s clock';
is_deeply [@{ profile('1c-client-1')->{fields} }{qw(first_name last_name)}], ['Анна', 'Ковалёва'], 'the counterparty is a profile';
is $x->api(GET => 'profiles?email=kovaleva@shop.example')->{json}{data}{id}, profile('1c-client-1')->{id}, 'known by e-mail, too';
is profile('1c-client-2')->{fields}{first_name}, 'Пётр', 'an e-mail that is none does not lose the person';
is +(events('1c-client-2'))[0]{properties}{currency}, 'BYN', 'a currency by number';
ok profile('1c-client-3'), 'counterparties without orders arrive as well';
is scalar $x->sql('select 1 from consent where granted = 1'), 0, 'nobody has agreed to anything';

# --- the same once more, and changes ---

my $before = ($x->sql('select count(*) from event'))[0][0];
says('type=sale&mode=file&filename=orders.xml', $bytes, %with);
is imported('sale', 'orders.xml'), "success\n", 'the same file again';
is +($x->sql('select count(*) from event'))[0][0], $before, 'changes nothing';
$orders =~ s/Принят/Отгружен/;
$orders =~ s{(<Сумма>7,00</Сумма>)}{$1<ПометкаУдаления>true</ПометкаУдаления>};
says('type=sale&mode=file&filename=orders.xml', encode('UTF-8', $orders), %with);
imported('sale', 'orders.xml');
is join(',', sort map { $_->{type} } events('1c-client-1')), 'Order Completed,Order Updated', 'another status is a change';
is join(',', sort map { $_->{type} } events('1c-client-2')), 'Order Cancelled,Order Completed', 'what is marked for deletion is off';

# --- goods, in parts ---

says('type=catalog&mode=init', undef, %with);
my $goods = encode('UTF-8', sample('commerce-import.xml'));
is says('type=catalog&mode=file&filename=import.xml', substr($goods, 0, 500), %with), "success\n", 'a file in parts';
says('type=catalog&mode=file&filename=import.xml', substr($goods, 500), %with);
says('type=catalog&mode=file&filename=offers.xml', encode('UTF-8', sample('commerce-offers.xml')), %with);
is says('type=catalog&mode=file&filename=import_files/a.jpg', 'JPEG', %with), "success\n", 'pictures are passed over';
is imported('catalog', 'import.xml'), "success\n", 'goods';
is imported('catalog', 'offers.xml'), "success\n", 'offers';
my $rows = sub { [map { [@$_] } $x->sql('select external_id, name, category, price, currency, available from product order by external_id')] };
is_deeply $rows->(), [['goods-1', 'Чайник', 'Кухня / Чай', 10050, 'BYN', 1], ['goods-2', 'Чашка', 'Кухня', 1025, 'BYN', 0]], 'are products with prices and what is left';
says('type=catalog&mode=init', undef, %with);
says('type=catalog&mode=file&filename=import.xml', $goods, %with);
imported('catalog', 'import.xml');
is $rows->()->[0][3], 10050, 'goods without prices do not take the price away';
# newer 1C sends names, prices and what is left in files of their own
my $offers = sub ($file, @of) {
	says('type=catalog&mode=init', undef, %with);
	says("type=catalog&mode=file&filename=$file", encode('UTF-8', '<КоммерческаяИнформация><ПакетПредложений><Предложения>' .
		join('', map { "<Предложение>$_</Предложение>" } @of) . '</Предложения></ПакетПредложений></КоммерческаяИнформация>'), %with);
	is imported('catalog', $file), "success\n", "$file is read";
};
my $now = sub { [map { [@$_[3, 4, 5]] } @{ $rows->() }] };
$offers->('offers0_1.xml', '<Ид>goods-1</Ид><Наименование>Чайник</Наименование>', '<Ид>goods-2</Ид><Наименование>Чашка</Наименование>');
is_deeply $now->(), [[10050, 'BYN', 1], [1025, 'BYN', 0]], 'names alone change neither price nor what is left';
$offers->('prices0_1.xml', '<Ид>goods-2</Ид><Цены><Цена><ЦенаЗаЕдиницу>11</ЦенаЗаЕдиницу><Валюта>RUB</Валюта></Цена></Цены>');
is_deeply $now->(), [[10050, 'BYN', 1], [1100, 'RUB', 0]], 'prices do not say that there is some';
$offers->('rests0_1.xml', '<Ид>goods-1</Ид><Остатки><Остаток><Количество>0</Количество></Остаток></Остатки>',
	'<Ид>goods-2</Ид><Остатки><Остаток><Склад><Ид>1</Ид><Количество>0</Количество></Склад><Склад><Ид>2</Ид><Количество>2</Количество></Склад></Остаток></Остатки>');
is_deeply $now->(), [[10050, 'BYN', 0], [1100, 'RUB', 1]], 'what is left takes no price away, and is summed over stores';
says('type=catalog&mode=init', undef, %with);
says('type=catalog&mode=file&filename=import.xml', encode('UTF-8', sample('commerce-import.xml') =~ s{<Ид>goods-2</Ид>}{<Ид>goods-2</Ид><ПометкаУдаления>true</ПометкаУдаления>}r), %with);
imported('catalog', 'import.xml');
is_deeply $now->()->[1], [1100, 'RUB', 0], 'what is marked for deletion is not for sale';

like +($x->sql("select report from hook_file where name = 'import.xml'"))[0][0], qr/"products":2.*"passed":1/, 'what was passed over is counted';

like $admin->get("/sources/$source/hook")->{text}, qr/import\.xml.*товаров: 2.*пропущено: 1/s, 'and told on the card';

# --- parts that come twice, and one that is full to the brim ---

my $new = sub ($number) { encode('UTF-8', sample('commerce-orders.xml') =~ s/order-1/order-$number/r) };
my $orders_of = sub ($number) { scalar grep { $_->{properties}{order_id} eq "order-$number" } events('1c-client-1') };
says('type=catalog&mode=init', undef, %with);
$bytes = $new->(20);
says('type=catalog&mode=file&filename=twice.xml', substr($bytes, 0, 700), %with);
is says('type=catalog&mode=file&filename=twice.xml', substr($bytes, 0, 700), %with), "success\n", 'a part whose answer was lost comes again';
says('type=catalog&mode=file&filename=twice.xml', substr($bytes, 700), %with) for 1, 2;
is imported('catalog', 'twice.xml'), "success\n", 'and stands in the file once';
is $orders_of->(20), 1, 'with its order';
$bytes = $new->(21);
my $filled = sub ($bytes) { $bytes =~ s{(?=</[^<]*>\s*$)}{"<!--" . 'x' x (4 * 1024 * 1024 - length($bytes) - 7) . "-->"}er };
for my $encoding ('UTF-8', 'cp1251') {
	$bytes = $filled->(encode($encoding, decode('UTF-8', $new->($encoding)) =~ s/UTF-8/@{[$encoding eq 'UTF-8' ? 'UTF-8' : 'windows-1251']}/r));
	is length $bytes, 4 * 1024 * 1024, "a file of exactly the limit, $encoding";
	is says("type=sale&mode=file&filename=full-$encoding.xml", $bytes, %with), "success\n", 'of orders is taken';
	ok $x->wait_for(sub { $orders_of->($encoding) }, 15, 'its order'), 'and read without another word';
}
$x->sql("update hook_file set at_us = 1 where name = 'twice.xml'");
says('type=sale&mode=init', undef, %with);
is_deeply [map { @$_ } $x->sql("select name from hook_file where name in ('twice.xml', 'full-cp1251.xml')")], ['full-cp1251.xml'], 'what was read long ago is forgotten';

# --- archives ---

my $zip = '/tmp/cxdp-commerce-' . $$;
mkdir $zip or die "$zip: $!";
open my $f, '>:raw', "$zip/orders.xml" or die $!;
print $f encode('UTF-8', $orders =~ s/order-1/order-9/r);
close $f;
system('python3', '-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1] + "/o.zip", "w", zipfile.ZIP_DEFLATED).write(sys.argv[1] + "/orders.xml", "orders.xml")', $zip) == 0 or die 'zip';
open $f, '<:raw', "$zip/o.zip" or die $!;
my $packed = do { local $/; <$f> };
unlink glob "$zip/*";
rmdir $zip;
says('type=sale&mode=file&filename=o.zip', $packed, %with);
is imported('sale', 'o.zip'), "success\n", 'an archive is read, too';
is scalar(grep { $_->{properties}{order_id} eq 'order-9' } events('1c-client-1')), 1, 'with the order in it';

# --- what is wrong ---

for (['<?xml version="1.0"?><Other/>', qr/begins with/], ['<КоммерческаяИнформация><Документ>', qr/cut off|XML/], ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', qr/DOCTYPE|document type/i]) {
	says('type=catalog&mode=init', undef, %with);
	says('type=catalog&mode=file&filename=bad.xml', encode('UTF-8', $_->[0]), %with);
	like imported('catalog', 'bad.xml'), qr/^failure\n.*$_->[1]/s, "refused with a reason: $_->[0]";
}
like says('type=catalog&mode=import&filename=never.xml'), qr/^failure\n/, 'a file that was not sent';
$admin->post("/sources/$source/hook", { do => 'renew' });
is talk('type=sale&mode=checkauth')->{status}, 404, 'a new address ends the old one';

done_testing;
