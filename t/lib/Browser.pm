# A browser without a screen: one session of the interface, its cookies, its forms.
#
#   my $b = Browser->new($x)->login($path, $email, $password);
#   $b->get('/clients')->{content};  $b->post('/sources/new', { name => 'Сайт', kind => 'site' })
package Browser;
use v5.36;
use Encode qw(decode encode);

sub new ($class, $x) { return bless { x => $x, cookies => {} }, $class }

sub cookie ($self, $name = 'cxdp') { $self->{cookies}{$name} }

sub ask ($self, $method, $path, %opt) {
	my %jar = %{ $self->{cookies} };
	my $r = $self->{x}->http($method, $path, %opt, headers => {
		%jar ? (cookie => join '; ', map { "$_=$jar{$_}" } sort keys %jar) : (), %{ $opt{headers} // {} } });
	my $set = $r->{headers}{'set-cookie'} // [];
	for (ref $set ? @$set : $set) {
		my ($name, $value) = /^([^=;]+)=([^;]*)/ or next;
		if (/Max-Age=0/) { delete $self->{cookies}{$name} } else { $self->{cookies}{$name} = $value }
	}
	$r->{text} = eval { decode('UTF-8', $r->{content}, Encode::FB_CROAK | Encode::LEAVE_SRC) } // $r->{content};
	return $r;
}

sub get ($self, $path, %opt) { return $self->ask(GET => $path, %opt) }

# csrf: the token of this session, as pages carry it.
sub csrf ($self) {
	return $self->{csrf} if length($self->{csrf} // '');
	for my $path ('/', '/platform') {
		$self->get($path)->{content} =~ /<meta name="csrf" content="([^"]+)"/ and return $self->{csrf} = $1;
	}
	return '';
}

sub form ($fields) {
	my $enc = sub ($t) { my $b = encode('UTF-8', $t); $b =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge; $b };
	return join '&', map { my $k = $_; map { $enc->($k) . '=' . $enc->($_) } ref $fields->{$k} ? @{ $fields->{$k} } : $fields->{$k} }
		sort keys %$fields;
}

# post(PATH, FIELDS, csrf => TEXT or undef to send none, headers => {})
sub post ($self, $path, $fields = {}, %opt) {
	my $csrf = exists $opt{csrf} ? $opt{csrf} : $self->csrf;
	return $self->ask(POST => $path, body => form({ %$fields, defined $csrf ? (csrf => $csrf) : () }),
		headers => { 'content-type' => 'application/x-www-form-urlencoded', %{ $opt{headers} // {} } });
}

sub login ($self, $path, $email, $password) {
	my $r = $self->post($path, { email => $email, password => $password }, csrf => undef);
	die "login: $r->{status}\n" unless $r->{status} == 303;
	delete $self->{csrf};
	return $self;
}

1;
