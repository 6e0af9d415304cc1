-- limit: error|nothing
return json.decode('"\\ud800"')
