# Workbooks made on the spot.
package Sheet;
use v5.36;
use File::Temp;
use JSON::PP;

my $python = 'import sys, zipfile, json; z = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED); [z.writestr(k, v) for k, v in json.load(sys.stdin).items()]; z.close()';
my $ns = 'http://schemas.openxmlformats.org';

sub cell ($c) {
	return "<c t=\"e\"><v>$$c</v></c>" if ref $c;
	return $c =~ /^[\d.]+$/ ? "<c><v>$c</v></c>" : "<c t=\"inlineStr\"><is><t>$c</t></is></c>";
}

# bytes(ROW, ...): an XLSX of one sheet. A row is a list of cells: digits are a number, \'#N/A' a formula that went wrong, else it is a text.
sub bytes (@rows) {
	my %part = (
		'_rels/.rels' => "<Relationships xmlns=\"$ns/package/2006/relationships\"><Relationship Id=\"a\" Type=\"$ns/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
		'xl/workbook.xml' => "<workbook xmlns:r=\"$ns/officeDocument/2006/relationships\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"b\"/></sheets></workbook>",
		'xl/_rels/workbook.xml.rels' => "<Relationships><Relationship Id=\"b\" Type=\"$ns/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/a.xml\"/></Relationships>",
		'xl/worksheets/a.xml' => '<worksheet><sheetData>' . join('', map { '<row>' . join('', map { cell($_) } @$_) . '</row>' } @rows) . '</sheetData></worksheet>');
	my $file = File::Temp->new;
	open my $p, '|-', 'python3', '-c', $python, "$file" or die "python3: $!";
	print $p JSON::PP->new->utf8->encode(\%part);
	close $p or die 'no workbook was made';
	open my $f, '<:raw', "$file" or die $!;
	local $/;
	return <$f>;
}

1;
