-- limit: gas
::again:: goto again
