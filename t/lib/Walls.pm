# What every route of the two doors is asked with, and what it leaves in the log: the one table from which the walls are tested
# (t/80-ui-walls.t, t/80-api-walls.t). A route that is not here fails both.
#
#   routes('ui' | 'api')       as the program itself says: { method, path, right, scope, object, name => "POST /segments/{id}" }
#   $Walls::ui{NAME}, $Walls::api{NAME}:
#     form | body   a request that would be done if nothing stood in its way; "{segment}" is an id
#     query         the same of a GET
#     ids           which of its members are ids: of others they must do nothing
#     audit         what the log says once it is done; or
#     exempt        why it says nothing
#     object        which thing stands in for {id} when it is done at last, if not the route's own
#     linked        which test asks it, as it needs a link that is made
#     stranger      why its page is not ours: it stands in a sandbox then
#     open          why anybody may ask; by    who does it, if not the administrator
package Walls;
use v5.36;
use utf8;
use Cxdp;
use JSON::PP ();

my $rule = 'return field.city:is "Минск"';
my $script = 'return scenario { on = event.purchase, wait "1h" }';
my $nothing = 'nothing is stored';
my $says = 'is an event or a row that says itself when and from where it came';

our %ui = (
	'GET /login' => { open => 'the way in' },
	'POST /login' => { open => 'the way in', audit => 'login', done => 'in the preparation' },
	'GET /login/code' => { open => 'the way in' },
	'POST /login/code' => { open => 'the way in', audit => 'login', done => 'by t/80-ui-account.t' },
	'GET /login/forgot' => { open => 'the way in' },
	'POST /login/forgot' => { open => 'the way in', exempt => 'what is asked for may be nobody\'s' },
	'GET /l/{slug}' => { open => 'the way in' },
	'POST /l/{slug}' => { open => 'the way in', audit => 'login', done => 'in the preparation' },
	'GET /l/{slug}/forgot' => { open => 'the way in' },
	'POST /l/{slug}/forgot' => { open => 'the way in', exempt => 'what is asked for may be nobody\'s' },
	'GET /pass' => { open => 'the link is the key' },
	'POST /pass' => { open => 'the link is the key', audit => 'password.reset', done => 'by t/80-ui-account.t' },
	'POST /logout' => { open => 'checks itself', audit => 'logout', done => 'by t/80-ui-account.t' },
	'POST /language' => { open => 'checks itself', exempt => 'only how pages look to this user' },
	'GET /' => {},
	'GET /me' => {},
	'POST /me/password' => { form => { old => 'wrong', password => 'синий вечер 12' }, audit => 'password.change', done => 'by t/80-ui-account.t' },
	'GET /me/second' => {},
	'POST /me/second' => { form => { code => '000000' }, audit => 'second.on', done => 'by t/80-ui-account.t' },
	'POST /me/second/off' => { audit => 'second.off' },
	'POST /me/codes' => { audit => 'second.codes', done => 'by t/80-ui-account.t' },
	'POST /me/sessions' => { form => { session => '{session}' }, ids => ['session'], audit => 'session.end', done => 'by t/80-ui-account.t' },
	'GET /feed' => {},
	'GET /search' => { query => 'q=%D0%9A%D0%B0%D0%BD' },
	'GET /clients/new' => {},
	'GET /clients' => { query => 'q=%D0%9A%D0%B0%D0%BD&all=1&sort=-last_seen_at' },
	'POST /clients/view' => { form => { order => '-city' }, exempt => 'only how pages look to this user' },
	'POST /clients/new' => { form => { email => 'fresh-client@shop.example', first_name => 'Канарейка' }, audit => 'profile.create' },
	'POST /clients/act' => { form => { do => 'field', 'id[]' => ['{profile}'] }, ids => ['id[]'], exempt => $nothing },
	'POST /clients/act/run' => { form => { do => 'field', field => 'city', value => 'x', 'id[]' => ['{profile}'] }, ids => ['id[]'], audit => 'people.set_field' },
	'POST /jobs/{id}/undo' => { object => 'people_job', audit => 'people.undo' },
	'GET /clients/count' => { query => 'q=%D0%9A%D0%B0%D0%BD' },
	'GET /clients/folders' => { query => 'folder={folder}' },
	'POST /folders/new' => { form => { name => 'Канарейка новая', rule => $rule }, audit => 'folder.create' },
	'POST /folders/{id}' => { form => { do => 'name', name => 'Канарейка другая' }, audit => 'folder.change' },
	'POST /folders/{id}/delete' => { object => 'spare_folder', audit => 'folder.delete' },
	'GET /clients/{id}' => {},
	'GET /clients/{id}/events' => {},
	'POST /clients/{id}/fields' => { form => { 'f.middle_name' => 'Канарейка' }, audit => 'profile.change' },
	'POST /clients/{id}/consent' => { form => { channel => 'sms', granted => 1, proof => 'сказал по телефону' }, audit => 'consent.give' },
	'POST /clients/{id}/notes' => { form => { body => 'Канарейка' }, audit => 'note.add' },
	'POST /clients/{id}/notes/{note}' => { form => {}, audit => 'note.delete' },
	'GET /clients/{id}/similar' => {},
	'GET /clients/{id}/letters/{message}' => { stranger => 'HTML of a letter, in a sandbox' },
	'POST /clients/{id}/merge' => { form => { with => '{third_profile}' }, ids => ['with'], audit => 'profile.merge' },
	'POST /clients/{id}/erase' => { object => 'spare_profile', audit => 'profile.erase' },
	'POST /clients/{id}/file' => { audit => 'profile.file' },
	'POST /merges/{id}/undo' => { audit => 'merge.undo' },
	'GET /duplicates' => {},
	'POST /duplicates/search' => { audit => 'duplicates.search' },
	'POST /duplicates/cancel' => { exempt => 'nothing runs that could be cancelled' },
	'POST /duplicates/merge' => { audit => 'duplicates.merge' },
	'POST /duplicates/{id}' => { form => { keep => '' }, audit => 'duplicate.different' },
	'GET /identity' => {},
	'POST /identity/ident' => { form => { name => 'canary_card', most => 3, priority => 60 }, audit => 'identity.change' },
	'POST /identity/field' => { form => { name => 'city', survives => 'oldest' }, audit => 'identity.change' },
	'GET /segments' => {},
	'GET /segments/new' => { query => 'rule=return%20known()' },
	'POST /segments/new' => { form => { name => 'Канарейка новая', rule => $rule }, audit => 'segment.create' },
	'POST /segments/preview' => { form => { rule => 'return segment "{segment}"', segment => '{segment}' }, ids => ['rule'], exempt => $nothing },
	'POST /segments/past' => { form => { rule => 'return segment "{segment}"', segment => '{segment}' }, ids => ['rule'], exempt => $nothing },
	'POST /segments/cases' => { form => { rule => 'return segment "{segment}"', cases => '' }, ids => ['rule'], exempt => $nothing },
	'GET /segments/words' => {},
	'GET /segments/values' => { query => 'field=city' },
	'GET /segments/{id}' => {},
	'POST /segments/{id}' => { form => { name => 'Канарейка другая', rule => $rule }, audit => 'segment.change' },
	'POST /segments/{id}/delete' => { object => 'spare_segment', audit => 'segment.delete' },
	'GET /segments/{id}/members' => {},
	'GET /segments/algebra' => { query => 's[]={segment}&s[]={static_segment}' },
	'GET /segments/by-hand' => {},
	'POST /segments/by-hand' => { form => { name => 'Канарейка списком', people => 'x@y.example' }, audit => 'segment.create' },
	'POST /segments/{id}/people' => { object => 'static_segment', form => { people => '{profile}', do => 'put' }, audit => 'segment.put' },
	'GET /segments/{id}/state' => {},
	'GET /segments/{id}/options' => {},
	'POST /segments/{id}/options' => { form => { folder => 'Папка', description => '' }, audit => 'segment.options' },
	'POST /segments/{id}/archive' => { object => 'spare_segment', form => { away => 1 }, audit => 'segment.archive' },
	'POST /segments/{id}/copy' => { form => {}, audit => 'segment.create' },
	'POST /segments/{id}/freeze' => { form => {}, audit => 'segment.create' },
	'GET /segments/{id}/growth' => {},
	'GET /segments/{id}/versions' => {},
	'GET /templates' => {},
	'GET /templates/new' => {},
	'POST /templates/new' => { form => { name => 'Канарейка новая', subject => 'x', body => '<p>x</p>' }, audit => 'template.create' },
	'POST /templates/preview' => { form => { subject => 'x', body => '<p>x</p>' }, exempt => $nothing },
	'GET /templates/words' => {},
	'GET /templates/{id}' => {},
	'POST /templates/{id}' => { form => { name => 'Канарейка другая', subject => 'x', body => '<p>x</p>' }, audit => 'template.change' },
	'POST /templates/{id}/test' => { form => { email => 'canary@dev.example' }, audit => 'template.test' },
	'GET /campaigns' => {},
	'GET /campaigns/new' => { query => 'segment={segment}&template={template}' },
	'POST /campaigns/new' => { form => { name => 'Канарейка новая', segment_id => '{segment}', template_id => '{template}' },
		ids => ['segment_id', 'template_id'], audit => 'campaign.create' },
	'GET /campaigns/{id}' => {},
	'POST /campaigns/{id}' => { form => { name => 'Канарейка другая', segment_id => '{segment}', template_id => '{template}' },
		ids => ['segment_id', 'template_id'], audit => 'campaign.change' },
	'GET /campaigns/{id}/figures' => {},
	'POST /campaigns/{id}/launch' => { audit => 'campaign.launch' },
	'POST /campaigns/{id}/stop' => { object => 'running_campaign', audit => 'campaign.stop' },
	'GET /scenarios' => {},
	'GET /scenarios/new' => {},
	'POST /scenarios/new' => { form => { name => 'Канарейка новая', do => 'save', script => $script }, audit => 'scenario.create' },
	'POST /scenarios/preview' => { form => { script => $script }, exempt => $nothing },
	'GET /scenarios/words' => {},
	'GET /scenarios/{id}' => {},
	'POST /scenarios/{id}' => { form => { name => 'Канарейка другая', do => 'publish', script => $script }, audit => 'scenario.publish' },
	'POST /scenarios/{id}/state' => { form => { state => 'paused' }, object => 'running_scenario', audit => 'scenario.pause' },
	'GET /fields' => { query => 'name=x&type=text' },
	'POST /fields/delete' => { form => { name => 'canary_size' }, audit => 'field.delete' },
	'POST /fields' => { form => { name => 'canary_size', label => 'Размер', type => 'number' }, audit => 'field.put' },
	'GET /sources' => {},
	'GET /sources/new' => {},
	'POST /sources/new' => { form => { name => 'Канарейка новая', kind => 'site' }, audit => 'source.create' },
	'GET /sources/{id}' => {},
	'GET /sources/{id}/feed' => {},
	'POST /sources/{id}/state' => { form => { state => 'disabled' }, audit => 'source.disable' },
	'GET /imports' => {},
	'GET /imports/new' => {},
	'POST /imports/new' => { audit => 'import.create', done => 'by t/80-ui-import.t' },
	'POST /imports/fetch' => { form => { url => 'https://files.invalid/base.csv' }, audit => 'import.create' },
	'POST /imports/feeds/{id}' => { form => { state => 'paused' }, audit => 'import.rest' },
	'POST /imports/{id}/repeat' => { form => { url => 'https://files.invalid/base.csv', every_h => 4, clock => '06:00' }, object => 'done_import', audit => 'import.repeat' },
	'GET /imports/{id}' => {},
	'GET /imports/{id}/progress' => {},
	'GET /imports/{id}/errors' => {},
	'POST /imports/{id}/shape' => { form => { delimiter => ';', encoding => 'UTF-8', has_header => 1 }, exempt => 'how a file is read' },
	'POST /imports/{id}/preview' => { form => { to0 => 'email' }, exempt => $nothing },
	'POST /imports/{id}/start' => { form => { to0 => 'email' }, audit => 'import.start' },
	'POST /imports/{id}/cancel' => { object => 'running_import', audit => 'import.cancel' },
	'POST /imports/{id}/undo' => { object => 'done_import', audit => 'import.undo' },
	'GET /sources/{id}/code' => {},
	'GET /sources/{id}/hook' => {},
	'POST /sources/{id}/hook' => { form => { do => 'renew' }, audit => 'source.address' },
	'GET /sources/{id}/mapping' => {},
	'POST /sources/{id}/mapping' => { form => { script => 'return nil' }, audit => 'source.mapping' },
	'POST /sources/{id}/mapping/try' => { form => { script => 'return nil', sample => '{}', type => 'application/json' }, exempt => $nothing },
	'GET /sources/{id}/bindings' => {},
	'POST /sources/{id}/bindings/link' => { form => { page => 'https://shop.example/' }, audit => 'binding.link' },
	'GET /sources/{id}/bindings/link' => {},
	'GET /sources/{id}/bindings/new' => {},
	'POST /sources/{id}/bindings/new' => { form => { event => 'x', kind => 'page', where => '/x' }, audit => 'binding.create' },
	'GET /sources/{id}/bindings/{binding}' => {},
	'POST /sources/{id}/bindings/{binding}' => { form => { do => 'publish' }, audit => 'binding.publish' },
	'GET /sources/{id}/rules' => {},
	'POST /sources/{id}/rules' => { form => { consent => 'anonymous', ip => 'none', identity => 'open', mask => 'token' }, audit => 'source.rules' },
	'POST /sources/{id}/secret' => { form => { do => 'make' }, audit => 'source.secret' },
	'GET /sources/{id}/plan' => {},
	'POST /sources/{id}/plan' => { form => { on_event => 'take', on_property => 'take', on_type => 'take', plan => 'Order Completed: total number' }, audit => 'source.plan' },
	'GET /sources/{id}/quarantine' => {},
	'POST /sources/{id}/quarantine' => { form => { do => 'replay' }, exempt => 'nothing is held: the source has no plan' },
	'GET /exports' => { query => 'before=9' },
	'GET /exports/rows' => {},
	'GET /exports/new' => { query => 'segment={segment}' },
	'POST /exports/new' => { form => { source => '{segment}', 'c[]' => ['email'], format => 'csv', delimiter => ';' }, ids => ['source'], audit => 'export.create' },
	'POST /exports/{id}/cancel' => { object => 'running_export', audit => 'export.cancel' },
	'POST /exports/{id}/file' => { audit => 'export.download' },
	'GET /jobs' => { query => 'state=running' },
	'GET /jobs/rows' => {},
	'POST /jobs/{id}/cancel' => { object => 'running_job', audit => 'job.cancel' },
	'GET /products' => { query => 'q=%D0%9A%D0%B0%D0%BD' },
	'GET /products/{id}' => {},
	'GET /feeds' => {},
	'GET /feeds/new' => {},
	'POST /feeds/new' => { form => { name => 'Канарейка новая', url => 'https://192.0.2.1/feed.xml', every_h => '0' }, audit => 'feed.create' },
	'GET /feeds/{id}' => {},
	'POST /feeds/{id}/run' => { form => { force => '1' }, audit => 'feed.run' },
	'POST /feeds/{id}/delete' => { object => 'spare_feed', audit => 'feed.delete' },
	'GET /set-aside' => { query => 'state=waiting&source={source}' },
	'GET /set-aside/{id}' => {},
	'POST /set-aside/{id}' => { form => { do => 'replay' }, audit => 'dead_letter.replay' },
	'POST /set-aside' => { form => { do => 'drop', source => '{source}' }, audit => 'dead_letter.drop' },
	'GET /company/users' => {},
	'GET /company/users/new' => {},
	'POST /company/users/new' => { form => { email => 'fresh@dev.example', name => 'x', role => 'manager', password => 'long enough 3' }, audit => 'user.create' },
	'GET /company/users/{id}' => {},
	'POST /company/users/{id}' => { form => { state => 'disabled' }, object => 'spare_user', audit => 'user.disable' },
	'POST /company/policy' => { form => { second_factor => 'nobody' }, audit => 'policy.second' },
	'GET /company/keys' => {},
	'GET /company/keys/new' => {},
	'POST /company/keys/new' => { form => { name => 'x', 'scope[]' => ['events:read'] }, audit => 'api_key.create' },
	'POST /company/keys/{key}/revoke' => { audit => 'api_key.revoke' },
	'GET /company/requests' => { query => 'status=4&path=%2Fapi' },
	'GET /company/audit' => { query => 'before=9&action=login&user={user}' },
	'GET /platform' => {},
	'GET /platform/new' => {},
	'POST /platform/new' => { form => { name => 'Третьи', slug => 'third', country => 'BY', currency => 'BYN', timezone => 'Europe/Minsk', language => 'ru',
		email => 'boss@third.example', password => 'long enough 4' }, audit => 'company.create', by => 'root' },
);

our %api = (
	'GET /api' => { open => 'a page about the door', linked => 't/80-api-openapi.t' },
	'GET /api/v1/openapi.json' => { open => 'says what the door is' },
	'GET /api/v1/health' => { open => 'says only whether it runs' },
	'POST /api/v1/profiles' => { body => { email => 'newcomer@dev.example', fields => { city => 'x' } }, exempt => $says },
	'POST /api/v1/profiles/bulk' => { body => { profiles => [{ email => 'newcomer@dev.example' }] }, exempt => $says },
	'POST /api/v1/profiles/actions' => { body => { action => 'set_field', ids => ['{profile}'], field => 'city', value => 'x' }, ids => ['ids'], audit => 'people.action' },
	'POST /api/v1/jobs/{id}/undo' => { body => {}, object => 'people_job', audit => 'people.undo' },
	'GET /api/v1/profiles' => { query => 'filter=return%20known()&sort=-last_seen_at' },
	'GET /api/v1/profiles/{id}' => {},
	'PATCH /api/v1/profiles/{id}' => { body => { fields => { city => 'x' } }, exempt => $says },
	'DELETE /api/v1/profiles/{id}' => { object => 'spare_profile', audit => 'profile.erase' },
	'GET /api/v1/profiles/{id}/file' => {},
	'POST /api/v1/profiles/{id}/merge' => { body => { with => '{third_profile}' }, ids => ['with'], audit => 'profile.merge' },
	'GET /api/v1/profiles/{id}/merges' => {},
	'POST /api/v1/merges/{id}/undo' => { audit => 'merge.undo' },
	'GET /api/v1/duplicates' => {},
	'POST /api/v1/duplicates/search' => { body => {}, audit => 'duplicates.search' },
	'POST /api/v1/duplicates/merge' => { body => { least => 100 }, audit => 'duplicates.merge' },
	'POST /api/v1/duplicates/{id}' => { body => { keep => undef }, audit => 'duplicate.decide' },
	'GET /api/v1/identity' => {},
	'PATCH /api/v1/identity' => { body => { idents => [{ name => 'phone', most => 4 }] }, audit => 'identity.change' },
	'GET /api/v1/profiles/{id}/events' => {},
	'GET /api/v1/profiles/{id}/consents' => {},
	'PUT /api/v1/profiles/{id}/consents' => { body => { email => { granted => \0 } }, exempt => $says },
	'GET /api/v1/events' => { query => 'type=identify' },
	'POST /api/v1/events' => { body => { profile => '{profile}', event => 'x' }, ids => ['profile'], exempt => $says },
	'POST /api/v1/events/bulk' => { body => { events => [{ profile => '{profile}', event => 'x' }] }, ids => ['events'], exempt => $says },
	'GET /api/v1/fields' => {},
	'POST /api/v1/fields' => { body => { name => 'canary_width', label => 'x', type => 'number' }, audit => 'field.put' },
	'PATCH /api/v1/fields/{name}' => { body => { label => 'y' }, audit => 'field.put' },
	'DELETE /api/v1/fields/{name}' => { object => 'spare_field', audit => 'field.delete' },
	'GET /api/v1/sources' => {},
	'POST /api/v1/sources' => { body => { name => 'Канарейка из API', kind => 'site' }, audit => 'source.create' },
	'GET /api/v1/sources/{id}' => {},
	'PATCH /api/v1/sources/{id}' => { body => { name => 'Канарейка другая' }, audit => 'source.change' },
	'GET /api/v1/segments' => {},
	'POST /api/v1/segments' => { body => { name => 'Канарейка из API', rule => 'return segment "{segment}"' }, ids => ['rule'], audit => 'segment.create' },
	'POST /api/v1/segments/preview' => { body => { rule => 'return segment "{segment}"' }, ids => ['rule'], exempt => $nothing },
	'GET /api/v1/segments/{id}' => {},
	'PATCH /api/v1/segments/{id}' => { body => { name => 'Канарейка другая' }, audit => 'segment.change' },
	'DELETE /api/v1/segments/{id}' => { object => 'spare_segment', audit => 'segment.delete' },
	'GET /api/v1/segments/{id}/members' => {},
	'GET /api/v1/segments/{id}/history' => {},
	'PUT /api/v1/segments/{id}/members' => { object => 'static_segment', body => { ids => ['{profile}'] }, audit => 'segment.put' },
	'DELETE /api/v1/segments/{id}/members' => { object => 'static_segment', body => { ids => ['{profile}'] }, audit => 'segment.take' },
	'GET /api/v1/segments/{id}/versions' => {},
	'POST /api/v1/segments/{id}/freeze' => { body => { name => 'Канарейка изо льда' }, audit => 'segment.create' },
	'POST /api/v1/segments/algebra' => { body => { segments => ['{segment}', '{static_segment}'] }, ids => ['segments'], exempt => $nothing },
	'GET /api/v1/templates' => {},
	'POST /api/v1/templates' => { body => { name => 'Канарейка из API', subject => 'x', body => '<p>x</p>' }, audit => 'template.create' },
	'GET /api/v1/templates/{id}' => {},
	'PATCH /api/v1/templates/{id}' => { body => { subject => 'y' }, audit => 'template.change' },
	'POST /api/v1/messages' => { body => { template => '{template}', to => '{profile}' }, ids => ['template', 'to'], exempt => $says },
	'GET /api/v1/messages/{id}' => {},
	'GET /api/v1/campaigns' => {},
	'POST /api/v1/campaigns' => { body => { name => 'Канарейка из API', segment_id => '{segment}', template_id => '{template}' },
		ids => ['segment_id', 'template_id'], audit => 'campaign.create' },
	'GET /api/v1/campaigns/{id}' => {},
	'PATCH /api/v1/campaigns/{id}' => { body => { segment_id => '{segment}' }, ids => ['segment_id'], audit => 'campaign.change' },
	'POST /api/v1/campaigns/{id}/launch' => { audit => 'campaign.launch' },
	'POST /api/v1/campaigns/{id}/stop' => { object => 'running_campaign', audit => 'campaign.stop' },
	'GET /api/v1/campaigns/{id}/stats' => {},
	'GET /api/v1/scenarios' => {},
	'POST /api/v1/scenarios' => { body => { name => 'Канарейка из API', script => $script }, audit => 'scenario.create' },
	'GET /api/v1/scenarios/{id}' => {},
	'PATCH /api/v1/scenarios/{id}' => { body => { script => $script }, audit => 'scenario.change' },
	'POST /api/v1/scenarios/{id}/publish' => { audit => 'scenario.publish' },
	'POST /api/v1/scenarios/{id}/pause' => { object => 'running_scenario', audit => 'scenario.pause' },
	'GET /api/v1/imports' => {},
	'POST /api/v1/imports' => { body => { url => 'https://files.invalid/base.csv' }, audit => 'import.create' },
	'GET /api/v1/imports/{id}' => {},
	'POST /api/v1/imports/{id}/start' => { body => { mapping => { email => 'email' } }, audit => 'import.start' },
	'POST /api/v1/imports/{id}/cancel' => { audit => 'import.cancel', object => 'running_import' },
	'POST /api/v1/imports/{id}/undo' => { audit => 'import.undo', object => 'done_import' },
	'GET /api/v1/imports/{id}/errors' => {},
	'POST /api/v1/exports' => { body => { source => { segment => '{segment}' }, fields => ['email'], format => 'csv' }, ids => ['source'], audit => 'export.create' },
	'GET /api/v1/exports/file' => { open => 'the link is the key', linked => 't/80-api-export.t' },
	'GET /api/v1/exports/{id}' => {},
	'GET /api/v1/products' => { query => 'q=x' },
	'POST /api/v1/products/bulk' => { body => { products => [{ external_id => 'sku-9', name => 'x', price => '1.50', currency => 'BYN' }] }, audit => 'product.put' },
	'GET /api/v1/products/{id}' => {},
	'GET /api/v1/feeds' => {},
	'GET /api/v1/jobs' => { query => 'state=queued' },
	'GET /api/v1/jobs/{id}' => {},
	'DELETE /api/v1/jobs/{id}' => { object => 'spare_job', audit => 'job.cancel' },
);

sub routes ($door) {
	my ($status, $said) = Cxdp::run("$Cxdp::build/cxdp-$door", '--routes');
	die "cxdp-$door --routes: $said" if $status;
	my $list = JSON::PP::decode_json($said);
	$_->{name} = "$_->{method} $_->{path}" for @$list;
	return @$list;
}

# gaps(DOOR): complaints: a route without an entry, an entry without a route, a change that says neither what it notes nor why not.
sub gaps ($door, $table = $door eq 'ui' ? \%ui : \%api, @routes) {
	@routes = routes($door) unless @routes;
	my %there = map { $_->{name} => $_ } @routes;
	return ((map { "$_ has no entry in t/lib/Walls.pm" } grep { !$table->{$_} } sort keys %there),
		(map { "$_ is no route (any more)" } grep { !$there{$_} } sort keys %$table),
		(map { "$_ changes something and says neither audit nor exempt" } grep { !/^GET / && $table->{$_} && !$table->{$_}{audit} && !$table->{$_}{exempt} } sort keys %there),
		(map { "$_ lets anybody in and does not say why" } grep { $table->{$_} && !$table->{$_}{open} && ($door eq 'ui' ? $there{$_}{right} eq 'none' : !$there{$_}{scope}) } sort keys %there));
}

# fill(ANYTHING, { segment => id }): "{segment}" replaced wherever it stands; one that is not known stays.
sub fill ($v, $id) {
	return { map { $_ => fill($v->{$_}, $id) } keys %$v } if ref $v eq 'HASH';
	return [map { fill($_, $id) } @$v] if ref $v eq 'ARRAY';
	return ref $v || !defined $v ? $v : $v =~ s/\{(\w+)\}/$id->{$1} \/\/ "{$1}"/ger;
}

# sums(X, but => [tables]): a text that changes when any row of any other table does; quiet() waits until it stands still.
sub sums ($x, @but) {
	my %but = map { $_ => 1 } @but;
	my @tables = grep { !$but{$_} } map { $_->[0] } $x->sql('show tables');
	return join "\n", map { join ' ', @$_ } $x->sql('checksum table ' . join ', ', @tables);
}

sub quiet ($x, @but) {
	my $before = sums($x, @but);
	for (1 .. 60) {
		select undef, undef, undef, 0.35;
		my $now = sums($x, @but);
		return $now if $now eq $before;
		$before = $now;
	}
	return $before;
}

# changed(BEFORE, AFTER): the tables that differ.
sub changed ($before, $after) {
	my %was = map { split / /, $_, 2 } split /\n/, $before;
	return grep { my ($t, $sum) = split / /, $_, 2; ($was{$t} // '') ne $sum } split /\n/, $after;
}

# What moves by itself, whoever asks: leases and positions of the engine.
our @alive = qw(lease journal_position request_log);

1;
