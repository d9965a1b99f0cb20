#!/bin/sh
# Writes libreoffice.xlsx and libreoffice*.csv with LibreOffice Calc: sh libreoffice.sh
#
# Needs soffice (Debian: apt-get install libreoffice-calc). It makes a sheet from a
# flat OpenDocument file, whose cells stand below, and exports it: as a workbook, as CSV
# with commas and UTF-8, and as CSV with semicolons, single quotes and UTF-16. TestInterop
# holds what was written.
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cell() { printf '<table:table-cell office:value-type="%s" %s><text:p>%s</text:p></table:table-cell>' "$1" "$2" "$3"; }
row() { printf '<table:table-row>%s</table:table-row>' "$1"; }
text() { cell string '' "$1"; }
empty='<table:table-cell/>'
{
	cat <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:date-style style:name="iso"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="iso"/>
</office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="Data">
XML
	row "$(text id)$(text day)$(text amount)$(text ok)$(text note)$(text twice)"
	row "$(cell float 'office:value="1"' 1)$(cell date 'table:style-name="day" office:date-value="2024-02-29"' 2024-02-29)$(cell float 'office:value="0.1"' 0.1)$(cell boolean 'office:boolean-value="true"' TRUE)$(text "it's; a, &quot;note&quot;")$(cell float 'table:formula="of:=[.C2]*2" office:value="0.2"' 0.2)"
	row "$(cell float 'office:value="2"' 2)$empty$(cell float 'office:value="-1234.5"' -1234.5)$(cell boolean 'office:boolean-value="false"' FALSE)$empty$(cell float 'table:formula="of:=[.C3]*2" office:value="-2469"' -2469)"
	row "$(cell float 'office:value="3"' 3)$(cell date 'table:style-name="day" office:date-value="1999-12-31"' 1999-12-31)$empty$empty$(text 'ü€')$(cell float 'table:formula="of:=[.C4]*2" office:value="0"' 0)"
	echo '</table:table></office:spreadsheet></office:body></office:document>'
} >"$dir/libreoffice.fods"
convert() { soffice -env:UserInstallation="file://$dir/profile" --headless --convert-to "$1" --outdir "$2" "$dir/libreoffice.fods" >/dev/null; }
convert xlsx .
convert 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false' "$dir/comma"
convert 'csv:Text - txt - csv (StarCalc):59,39,65535,1,,0,true,true,false' "$dir/semicolon"
mv "$dir/comma/libreoffice.csv" libreoffice.csv
mv "$dir/semicolon/libreoffice.csv" libreoffice_semicolon.csv
