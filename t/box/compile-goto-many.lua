-- limit: gas|wall|error|memory
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
goto z
do ::a0:: end
do ::a1:: end
do ::a2:: end
do ::a3:: end
do ::a4:: end
do ::a5:: end
do ::a6:: end
do ::a7:: end
do ::a8:: end
do ::a9:: end
do ::a10:: end
do ::a11:: end
do ::a12:: end
do ::a13:: end
do ::a14:: end
do ::a15:: end
do ::a16:: end
do ::a17:: end
do ::a18:: end
do ::a19:: end
do ::a20:: end
do ::a21:: end
do ::a22:: end
do ::a23:: end
do ::a24:: end
do ::a25:: end
do ::a26:: end
do ::a27:: end
do ::a28:: end
do ::a29:: end
do ::a30:: end
do ::a31:: end
do ::a32:: end
do ::a33:: end
do ::a34:: end
do ::a35:: end
do ::a36:: end
do ::a37:: end
do ::a38:: end
do ::a39:: end
do ::a40:: end
do ::a41:: end
do ::a42:: end
do ::a43:: end
do ::a44:: end
do ::a45:: end
do ::a46:: end
do ::a47:: end
do ::a48:: end
do ::a49:: end
do ::a50:: end
do ::a51:: end
do ::a52:: end
do ::a53:: end
do ::a54:: end
do ::a55:: end
do ::a56:: end
do ::a57:: end
do ::a58:: end
do ::a59:: end
do ::a60:: end
do ::a61:: end
do ::a62:: end
do ::a63:: end
do ::a64:: end
do ::a65:: end
do ::a66:: end
do ::a67:: end
do ::a68:: end
do ::a69:: end
do ::a70:: end
do ::a71:: end
do ::a72:: end
do ::a73:: end
do ::a74:: end
do ::a75:: end
do ::a76:: end
do ::a77:: end
do ::a78:: end
do ::a79:: end
do ::a80:: end
do ::a81:: end
do ::a82:: end
do ::a83:: end
do ::a84:: end
do ::a85:: end
do ::a86:: end
do ::a87:: end
do ::a88:: end
do ::a89:: end
do ::a90:: end
do ::a91:: end
do ::a92:: end
do ::a93:: end
do ::a94:: end
do ::a95:: end
do ::a96:: end
do ::a97:: end
do ::a98:: end
do ::a99:: end
do ::a100:: end
do ::a101:: end
do ::a102:: end
do ::a103:: end
do ::a104:: end
do ::a105:: end
do ::a106:: end
do ::a107:: end
do ::a108:: end
do ::a109:: end
do ::a110:: end
do ::a111:: end
do ::a112:: end
do ::a113:: end
do ::a114:: end
do ::a115:: end
do ::a116:: end
do ::a117:: end
do ::a118:: end
do ::a119:: end
do ::a120:: end
do ::a121:: end
do ::a122:: end
do ::a123:: end
do ::a124:: end
do ::a125:: end
do ::a126:: end
do ::a127:: end
do ::a128:: end
do ::a129:: end
do ::a130:: end
do ::a131:: end
do ::a132:: end
do ::a133:: end
do ::a134:: end
do ::a135:: end
do ::a136:: end
do ::a137:: end
do ::a138:: end
do ::a139:: end
do ::a140:: end
do ::a141:: end
do ::a142:: end
do ::a143:: end
do ::a144:: end
do ::a145:: end
do ::a146:: end
do ::a147:: end
do ::a148:: end
do ::a149:: end
do ::a150:: end
do ::a151:: end
do ::a152:: end
do ::a153:: end
do ::a154:: end
do ::a155:: end
do ::a156:: end
do ::a157:: end
do ::a158:: end
do ::a159:: end
do ::a160:: end
do ::a161:: end
do ::a162:: end
do ::a163:: end
do ::a164:: end
do ::a165:: end
do ::a166:: end
do ::a167:: end
do ::a168:: end
do ::a169:: end
do ::a170:: end
do ::a171:: end
do ::a172:: end
do ::a173:: end
do ::a174:: end
do ::a175:: end
do ::a176:: end
do ::a177:: end
do ::a178:: end
do ::a179:: end
do ::a180:: end
do ::a181:: end
do ::a182:: end
do ::a183:: end
do ::a184:: end
do ::a185:: end
do ::a186:: end
do ::a187:: end
do ::a188:: end
do ::a189:: end
do ::a190:: end
do ::a191:: end
do ::a192:: end
do ::a193:: end
do ::a194:: end
do ::a195:: end
do ::a196:: end
do ::a197:: end
do ::a198:: end
do ::a199:: end
do ::a200:: end
do ::a201:: end
do ::a202:: end
do ::a203:: end
do ::a204:: end
do ::a205:: end
do ::a206:: end
do ::a207:: end
do ::a208:: end
do ::a209:: end
do ::a210:: end
do ::a211:: end
do ::a212:: end
do ::a213:: end
do ::a214:: end
do ::a215:: end
do ::a216:: end
do ::a217:: end
do ::a218:: end
do ::a219:: end
do ::a220:: end
do ::a221:: end
do ::a222:: end
do ::a223:: end
do ::a224:: end
do ::a225:: end
do ::a226:: end
do ::a227:: end
do ::a228:: end
do ::a229:: end
do ::a230:: end
do ::a231:: end
do ::a232:: end
do ::a233:: end
do ::a234:: end
do ::a235:: end
do ::a236:: end
do ::a237:: end
do ::a238:: end
do ::a239:: end
do ::a240:: end
do ::a241:: end
do ::a242:: end
do ::a243:: end
do ::a244:: end
do ::a245:: end
do ::a246:: end
do ::a247:: end
do ::a248:: end
do ::a249:: end
do ::a250:: end
do ::a251:: end
do ::a252:: end
do ::a253:: end
do ::a254:: end
do ::a255:: end
do ::a256:: end
do ::a257:: end
do ::a258:: end
do ::a259:: end
do ::a260:: end
do ::a261:: end
do ::a262:: end
do ::a263:: end
do ::a264:: end
do ::a265:: end
do ::a266:: end
do ::a267:: end
do ::a268:: end
do ::a269:: end
do ::a270:: end
do ::a271:: end
do ::a272:: end
do ::a273:: end
do ::a274:: end
do ::a275:: end
do ::a276:: end
do ::a277:: end
do ::a278:: end
do ::a279:: end
do ::a280:: end
do ::a281:: end
do ::a282:: end
do ::a283:: end
do ::a284:: end
do ::a285:: end
do ::a286:: end
do ::a287:: end
do ::a288:: end
do ::a289:: end
do ::a290:: end
do ::a291:: end
do ::a292:: end
do ::a293:: end
do ::a294:: end
do ::a295:: end
do ::a296:: end
do ::a297:: end
do ::a298:: end
do ::a299:: end
do ::a300:: end
do ::a301:: end
do ::a302:: end
do ::a303:: end
do ::a304:: end
do ::a305:: end
do ::a306:: end
do ::a307:: end
do ::a308:: end
do ::a309:: end
do ::a310:: end
do ::a311:: end
do ::a312:: end
do ::a313:: end
do ::a314:: end
do ::a315:: end
do ::a316:: end
do ::a317:: end
do ::a318:: end
do ::a319:: end
do ::a320:: end
do ::a321:: end
do ::a322:: end
do ::a323:: end
do ::a324:: end
do ::a325:: end
do ::a326:: end
do ::a327:: end
do ::a328:: end
do ::a329:: end
do ::a330:: end
do ::a331:: end
do ::a332:: end
do ::a333:: end
do ::a334:: end
do ::a335:: end
do ::a336:: end
do ::a337:: end
do ::a338:: end
do ::a339:: end
do ::a340:: end
do ::a341:: end
do ::a342:: end
do ::a343:: end
do ::a344:: end
do ::a345:: end
do ::a346:: end
do ::a347:: end
do ::a348:: end
do ::a349:: end
do ::a350:: end
do ::a351:: end
do ::a352:: end
do ::a353:: end
do ::a354:: end
do ::a355:: end
do ::a356:: end
do ::a357:: end
do ::a358:: end
do ::a359:: end
do ::a360:: end
do ::a361:: end
do ::a362:: end
do ::a363:: end
do ::a364:: end
do ::a365:: end
do ::a366:: end
do ::a367:: end
do ::a368:: end
do ::a369:: end
do ::a370:: end
do ::a371:: end
do ::a372:: end
do ::a373:: end
do ::a374:: end
do ::a375:: end
do ::a376:: end
do ::a377:: end
do ::a378:: end
do ::a379:: end
do ::a380:: end
do ::a381:: end
do ::a382:: end
do ::a383:: end
do ::a384:: end
do ::a385:: end
do ::a386:: end
do ::a387:: end
do ::a388:: end
do ::a389:: end
do ::a390:: end
do ::a391:: end
do ::a392:: end
do ::a393:: end
do ::a394:: end
do ::a395:: end
do ::a396:: end
do ::a397:: end
do ::a398:: end
do ::a399:: end
do ::a400:: end
do ::a401:: end
do ::a402:: end
do ::a403:: end
do ::a404:: end
do ::a405:: end
do ::a406:: end
do ::a407:: end
do ::a408:: end
do ::a409:: end
do ::a410:: end
do ::a411:: end
do ::a412:: end
do ::a413:: end
do ::a414:: end
do ::a415:: end
do ::a416:: end
do ::a417:: end
do ::a418:: end
do ::a419:: end
do ::a420:: end
do ::a421:: end
do ::a422:: end
do ::a423:: end
do ::a424:: end
do ::a425:: end
do ::a426:: end
do ::a427:: end
do ::a428:: end
do ::a429:: end
do ::a430:: end
do ::a431:: end
do ::a432:: end
do ::a433:: end
do ::a434:: end
do ::a435:: end
do ::a436:: end
do ::a437:: end
do ::a438:: end
do ::a439:: end
do ::a440:: end
do ::a441:: end
do ::a442:: end
do ::a443:: end
do ::a444:: end
do ::a445:: end
do ::a446:: end
do ::a447:: end
do ::a448:: end
do ::a449:: end
do ::a450:: end
do ::a451:: end
do ::a452:: end
do ::a453:: end
do ::a454:: end
do ::a455:: end
do ::a456:: end
do ::a457:: end
do ::a458:: end
do ::a459:: end
do ::a460:: end
do ::a461:: end
do ::a462:: end
do ::a463:: end
do ::a464:: end
do ::a465:: end
do ::a466:: end
do ::a467:: end
do ::a468:: end
do ::a469:: end
do ::a470:: end
do ::a471:: end
do ::a472:: end
do ::a473:: end
do ::a474:: end
do ::a475:: end
do ::a476:: end
do ::a477:: end
do ::a478:: end
do ::a479:: end
do ::a480:: end
do ::a481:: end
do ::a482:: end
do ::a483:: end
do ::a484:: end
do ::a485:: end
do ::a486:: end
do ::a487:: end
do ::a488:: end
do ::a489:: end
do ::a490:: end
do ::a491:: end
do ::a492:: end
do ::a493:: end
do ::a494:: end
do ::a495:: end
do ::a496:: end
do ::a497:: end
do ::a498:: end
do ::a499:: end
do ::a500:: end
do ::a501:: end
do ::a502:: end
do ::a503:: end
do ::a504:: end
do ::a505:: end
do ::a506:: end
do ::a507:: end
do ::a508:: end
do ::a509:: end
do ::a510:: end
do ::a511:: end
do ::a512:: end
do ::a513:: end
do ::a514:: end
do ::a515:: end
do ::a516:: end
do ::a517:: end
do ::a518:: end
do ::a519:: end
do ::a520:: end
do ::a521:: end
do ::a522:: end
do ::a523:: end
do ::a524:: end
do ::a525:: end
do ::a526:: end
do ::a527:: end
do ::a528:: end
do ::a529:: end
do ::a530:: end
do ::a531:: end
do ::a532:: end
do ::a533:: end
do ::a534:: end
do ::a535:: end
do ::a536:: end
do ::a537:: end
do ::a538:: end
do ::a539:: end
do ::a540:: end
do ::a541:: end
do ::a542:: end
do ::a543:: end
do ::a544:: end
do ::a545:: end
do ::a546:: end
do ::a547:: end
do ::a548:: end
do ::a549:: end
do ::a550:: end
do ::a551:: end
do ::a552:: end
do ::a553:: end
do ::a554:: end
do ::a555:: end
do ::a556:: end
do ::a557:: end
do ::a558:: end
do ::a559:: end
do ::a560:: end
do ::a561:: end
do ::a562:: end
do ::a563:: end
do ::a564:: end
do ::a565:: end
do ::a566:: end
do ::a567:: end
do ::a568:: end
do ::a569:: end
do ::a570:: end
do ::a571:: end
do ::a572:: end
do ::a573:: end
do ::a574:: end
do ::a575:: end
do ::a576:: end
do ::a577:: end
do ::a578:: end
do ::a579:: end
do ::a580:: end
do ::a581:: end
do ::a582:: end
do ::a583:: end
do ::a584:: end
do ::a585:: end
do ::a586:: end
do ::a587:: end
do ::a588:: end
do ::a589:: end
do ::a590:: end
do ::a591:: end
do ::a592:: end
do ::a593:: end
do ::a594:: end
do ::a595:: end
do ::a596:: end
do ::a597:: end
do ::a598:: end
do ::a599:: end
do ::a600:: end
do ::a601:: end
do ::a602:: end
do ::a603:: end
do ::a604:: end
do ::a605:: end
do ::a606:: end
do ::a607:: end
do ::a608:: end
do ::a609:: end
do ::a610:: end
do ::a611:: end
do ::a612:: end
do ::a613:: end
do ::a614:: end
do ::a615:: end
do ::a616:: end
do ::a617:: end
do ::a618:: end
do ::a619:: end
do ::a620:: end
do ::a621:: end
do ::a622:: end
do ::a623:: end
do ::a624:: end
do ::a625:: end
do ::a626:: end
do ::a627:: end
do ::a628:: end
do ::a629:: end
do ::a630:: end
do ::a631:: end
do ::a632:: end
do ::a633:: end
do ::a634:: end
do ::a635:: end
do ::a636:: end
do ::a637:: end
do ::a638:: end
do ::a639:: end
do ::a640:: end
do ::a641:: end
do ::a642:: end
do ::a643:: end
do ::a644:: end
do ::a645:: end
do ::a646:: end
do ::a647:: end
do ::a648:: end
do ::a649:: end
do ::a650:: end
do ::a651:: end
do ::a652:: end
do ::a653:: end
do ::a654:: end
do ::a655:: end
do ::a656:: end
do ::a657:: end
do ::a658:: end
do ::a659:: end
do ::a660:: end
do ::a661:: end
do ::a662:: end
do ::a663:: end
do ::a664:: end
do ::a665:: end
do ::a666:: end
do ::a667:: end
do ::a668:: end
do ::a669:: end
do ::a670:: end
do ::a671:: end
do ::a672:: end
do ::a673:: end
do ::a674:: end
do ::a675:: end
do ::a676:: end
do ::a677:: end
do ::a678:: end
do ::a679:: end
do ::a680:: end
do ::a681:: end
do ::a682:: end
do ::a683:: end
do ::a684:: end
do ::a685:: end
do ::a686:: end
do ::a687:: end
do ::a688:: end
do ::a689:: end
do ::a690:: end
do ::a691:: end
do ::a692:: end
do ::a693:: end
do ::a694:: end
do ::a695:: end
do ::a696:: end
do ::a697:: end
do ::a698:: end
do ::a699:: end
do ::a700:: end
do ::a701:: end
do ::a702:: end
do ::a703:: end
do ::a704:: end
do ::a705:: end
do ::a706:: end
do ::a707:: end
do ::a708:: end
do ::a709:: end
do ::a710:: end
do ::a711:: end
do ::a712:: end
do ::a713:: end
do ::a714:: end
do ::a715:: end
do ::a716:: end
do ::a717:: end
do ::a718:: end
do ::a719:: end
do ::a720:: end
do ::a721:: end
do ::a722:: end
do ::a723:: end
do ::a724:: end
do ::a725:: end
do ::a726:: end
do ::a727:: end
do ::a728:: end
do ::a729:: end
do ::a730:: end
do ::a731:: end
do ::a732:: end
do ::a733:: end
do ::a734:: end
do ::a735:: end
do ::a736:: end
do ::a737:: end
do ::a738:: end
do ::a739:: end
do ::a740:: end
do ::a741:: end
do ::a742:: end
do ::a743:: end
do ::a744:: end
do ::a745:: end
do ::a746:: end
do ::a747:: end
do ::a748:: end
do ::a749:: end
do ::a750:: end
do ::a751:: end
do ::a752:: end
do ::a753:: end
do ::a754:: end
do ::a755:: end
do ::a756:: end
do ::a757:: end
do ::a758:: end
do ::a759:: end
do ::a760:: end
do ::a761:: end
do ::a762:: end
do ::a763:: end
do ::a764:: end
do ::a765:: end
do ::a766:: end
do ::a767:: end
do ::a768:: end
do ::a769:: end
do ::a770:: end
do ::a771:: end
do ::a772:: end
do ::a773:: end
do ::a774:: end
do ::a775:: end
do ::a776:: end
do ::a777:: end
do ::a778:: end
do ::a779:: end
do ::a780:: end
do ::a781:: end
do ::a782:: end
do ::a783:: end
do ::a784:: end
do ::a785:: end
do ::a786:: end
do ::a787:: end
do ::a788:: end
do ::a789:: end
do ::a790:: end
do ::a791:: end
do ::a792:: end
do ::a793:: end
do ::a794:: end
do ::a795:: end
do ::a796:: end
do ::a797:: end
do ::a798:: end
do ::a799:: end
do ::a800:: end
do ::a801:: end
do ::a802:: end
do ::a803:: end
do ::a804:: end
do ::a805:: end
do ::a806:: end
do ::a807:: end
do ::a808:: end
do ::a809:: end
do ::a810:: end
do ::a811:: end
do ::a812:: end
do ::a813:: end
do ::a814:: end
do ::a815:: end
do ::a816:: end
do ::a817:: end
do ::a818:: end
do ::a819:: end
do ::a820:: end
do ::a821:: end
do ::a822:: end
do ::a823:: end
do ::a824:: end
do ::a825:: end
do ::a826:: end
do ::a827:: end
do ::a828:: end
do ::a829:: end
do ::a830:: end
do ::a831:: end
do ::a832:: end
do ::a833:: end
do ::a834:: end
do ::a835:: end
do ::a836:: end
do ::a837:: end
do ::a838:: end
do ::a839:: end
do ::a840:: end
do ::a841:: end
do ::a842:: end
do ::a843:: end
do ::a844:: end
do ::a845:: end
do ::a846:: end
do ::a847:: end
do ::a848:: end
do ::a849:: end
do ::a850:: end
do ::a851:: end
do ::a852:: end
do ::a853:: end
do ::a854:: end
do ::a855:: end
do ::a856:: end
do ::a857:: end
do ::a858:: end
do ::a859:: end
do ::a860:: end
do ::a861:: end
do ::a862:: end
do ::a863:: end
do ::a864:: end
do ::a865:: end
do ::a866:: end
do ::a867:: end
do ::a868:: end
do ::a869:: end
do ::a870:: end
do ::a871:: end
do ::a872:: end
do ::a873:: end
do ::a874:: end
do ::a875:: end
do ::a876:: end
do ::a877:: end
do ::a878:: end
do ::a879:: end
do ::a880:: end
do ::a881:: end
do ::a882:: end
do ::a883:: end
do ::a884:: end
do ::a885:: end
do ::a886:: end
do ::a887:: end
do ::a888:: end
do ::a889:: end
do ::a890:: end
do ::a891:: end
do ::a892:: end
do ::a893:: end
do ::a894:: end
do ::a895:: end
do ::a896:: end
do ::a897:: end
do ::a898:: end
do ::a899:: end
do ::a900:: end
do ::a901:: end
do ::a902:: end
do ::a903:: end
do ::a904:: end
do ::a905:: end
do ::a906:: end
do ::a907:: end
do ::a908:: end
do ::a909:: end
do ::a910:: end
do ::a911:: end
do ::a912:: end
do ::a913:: end
do ::a914:: end
do ::a915:: end
do ::a916:: end
do ::a917:: end
do ::a918:: end
do ::a919:: end
do ::a920:: end
do ::a921:: end
do ::a922:: end
do ::a923:: end
do ::a924:: end
do ::a925:: end
do ::a926:: end
do ::a927:: end
do ::a928:: end
do ::a929:: end
do ::a930:: end
do ::a931:: end
do ::a932:: end
do ::a933:: end
do ::a934:: end
do ::a935:: end
do ::a936:: end
do ::a937:: end
do ::a938:: end
do ::a939:: end
do ::a940:: end
do ::a941:: end
do ::a942:: end
do ::a943:: end
do ::a944:: end
do ::a945:: end
do ::a946:: end
do ::a947:: end
do ::a948:: end
do ::a949:: end
do ::a950:: end
do ::a951:: end
do ::a952:: end
do ::a953:: end
do ::a954:: end
do ::a955:: end
do ::a956:: end
do ::a957:: end
do ::a958:: end
do ::a959:: end
do ::a960:: end
do ::a961:: end
do ::a962:: end
do ::a963:: end
do ::a964:: end
do ::a965:: end
do ::a966:: end
do ::a967:: end
do ::a968:: end
do ::a969:: end
do ::a970:: end
do ::a971:: end
do ::a972:: end
do ::a973:: end
do ::a974:: end
do ::a975:: end
do ::a976:: end
do ::a977:: end
do ::a978:: end
do ::a979:: end
do ::a980:: end
do ::a981:: end
do ::a982:: end
do ::a983:: end
do ::a984:: end
do ::a985:: end
do ::a986:: end
do ::a987:: end
do ::a988:: end
do ::a989:: end
do ::a990:: end
do ::a991:: end
do ::a992:: end
do ::a993:: end
do ::a994:: end
do ::a995:: end
do ::a996:: end
do ::a997:: end
do ::a998:: end
do ::a999:: end
do ::a1000:: end
do ::a1001:: end
do ::a1002:: end
do ::a1003:: end
do ::a1004:: end
do ::a1005:: end
do ::a1006:: end
do ::a1007:: end
do ::a1008:: end
do ::a1009:: end
do ::a1010:: end
do ::a1011:: end
do ::a1012:: end
do ::a1013:: end
do ::a1014:: end
do ::a1015:: end
do ::a1016:: end
do ::a1017:: end
do ::a1018:: end
do ::a1019:: end
do ::a1020:: end
do ::a1021:: end
do ::a1022:: end
do ::a1023:: end
do ::a1024:: end
do ::a1025:: end
do ::a1026:: end
do ::a1027:: end
do ::a1028:: end
do ::a1029:: end
do ::a1030:: end
do ::a1031:: end
do ::a1032:: end
do ::a1033:: end
do ::a1034:: end
do ::a1035:: end
do ::a1036:: end
do ::a1037:: end
do ::a1038:: end
do ::a1039:: end
do ::a1040:: end
do ::a1041:: end
do ::a1042:: end
do ::a1043:: end
do ::a1044:: end
do ::a1045:: end
do ::a1046:: end
do ::a1047:: end
do ::a1048:: end
do ::a1049:: end
do ::a1050:: end
do ::a1051:: end
do ::a1052:: end
do ::a1053:: end
do ::a1054:: end
do ::a1055:: end
do ::a1056:: end
do ::a1057:: end
do ::a1058:: end
do ::a1059:: end
do ::a1060:: end
do ::a1061:: end
do ::a1062:: end
do ::a1063:: end
do ::a1064:: end
do ::a1065:: end
do ::a1066:: end
do ::a1067:: end
do ::a1068:: end
do ::a1069:: end
do ::a1070:: end
do ::a1071:: end
do ::a1072:: end
do ::a1073:: end
do ::a1074:: end
do ::a1075:: end
do ::a1076:: end
do ::a1077:: end
do ::a1078:: end
do ::a1079:: end
do ::a1080:: end
do ::a1081:: end
do ::a1082:: end
do ::a1083:: end
do ::a1084:: end
do ::a1085:: end
do ::a1086:: end
do ::a1087:: end
do ::a1088:: end
do ::a1089:: end
do ::a1090:: end
do ::a1091:: end
do ::a1092:: end
do ::a1093:: end
do ::a1094:: end
do ::a1095:: end
do ::a1096:: end
do ::a1097:: end
do ::a1098:: end
do ::a1099:: end
do ::a1100:: end
do ::a1101:: end
do ::a1102:: end
do ::a1103:: end
do ::a1104:: end
do ::a1105:: end
do ::a1106:: end
do ::a1107:: end
do ::a1108:: end
do ::a1109:: end
do ::a1110:: end
do ::a1111:: end
do ::a1112:: end
do ::a1113:: end
do ::a1114:: end
do ::a1115:: end
do ::a1116:: end
do ::a1117:: end
do ::a1118:: end
do ::a1119:: end
do ::a1120:: end
do ::a1121:: end
do ::a1122:: end
do ::a1123:: end
do ::a1124:: end
do ::a1125:: end
do ::a1126:: end
do ::a1127:: end
do ::a1128:: end
do ::a1129:: end
do ::a1130:: end
do ::a1131:: end
do ::a1132:: end
do ::a1133:: end
do ::a1134:: end
do ::a1135:: end
do ::a1136:: end
do ::a1137:: end
do ::a1138:: end
do ::a1139:: end
do ::a1140:: end
do ::a1141:: end
do ::a1142:: end
do ::a1143:: end
do ::a1144:: end
do ::a1145:: end
do ::a1146:: end
do ::a1147:: end
do ::a1148:: end
do ::a1149:: end
do ::a1150:: end
do ::a1151:: end
do ::a1152:: end
do ::a1153:: end
do ::a1154:: end
do ::a1155:: end
do ::a1156:: end
do ::a1157:: end
do ::a1158:: end
do ::a1159:: end
do ::a1160:: end
do ::a1161:: end
do ::a1162:: end
do ::a1163:: end
do ::a1164:: end
do ::a1165:: end
do ::a1166:: end
do ::a1167:: end
do ::a1168:: end
do ::a1169:: end
do ::a1170:: end
do ::a1171:: end
do ::a1172:: end
do ::a1173:: end
do ::a1174:: end
do ::a1175:: end
do ::a1176:: end
do ::a1177:: end
do ::a1178:: end
do ::a1179:: end
do ::a1180:: end
do ::a1181:: end
do ::a1182:: end
do ::a1183:: end
do ::a1184:: end
do ::a1185:: end
do ::a1186:: end
do ::a1187:: end
do ::a1188:: end
do ::a1189:: end
do ::a1190:: end
do ::a1191:: end
do ::a1192:: end
do ::a1193:: end
do ::a1194:: end
do ::a1195:: end
do ::a1196:: end
do ::a1197:: end
do ::a1198:: end
do ::a1199:: end
do ::a1200:: end
do ::a1201:: end
do ::a1202:: end
do ::a1203:: end
do ::a1204:: end
do ::a1205:: end
do ::a1206:: end
do ::a1207:: end
do ::a1208:: end
do ::a1209:: end
do ::a1210:: end
do ::a1211:: end
do ::a1212:: end
do ::a1213:: end
do ::a1214:: end
do ::a1215:: end
do ::a1216:: end
do ::a1217:: end
do ::a1218:: end
do ::a1219:: end
do ::a1220:: end
do ::a1221:: end
do ::a1222:: end
do ::a1223:: end
do ::a1224:: end
do ::a1225:: end
do ::a1226:: end
do ::a1227:: end
do ::a1228:: end
do ::a1229:: end
do ::a1230:: end
do ::a1231:: end
do ::a1232:: end
do ::a1233:: end
do ::a1234:: end
do ::a1235:: end
do ::a1236:: end
do ::a1237:: end
do ::a1238:: end
do ::a1239:: end
do ::a1240:: end
do ::a1241:: end
do ::a1242:: end
do ::a1243:: end
do ::a1244:: end
do ::a1245:: end
do ::a1246:: end
do ::a1247:: end
do ::a1248:: end
do ::a1249:: end
do ::a1250:: end
do ::a1251:: end
do ::a1252:: end
do ::a1253:: end
do ::a1254:: end
do ::a1255:: end
do ::a1256:: end
do ::a1257:: end
do ::a1258:: end
do ::a1259:: end
do ::a1260:: end
do ::a1261:: end
do ::a1262:: end
do ::a1263:: end
do ::a1264:: end
do ::a1265:: end
do ::a1266:: end
do ::a1267:: end
do ::a1268:: end
do ::a1269:: end
do ::a1270:: end
do ::a1271:: end
do ::a1272:: end
do ::a1273:: end
do ::a1274:: end
do ::a1275:: end
do ::a1276:: end
do ::a1277:: end
do ::a1278:: end
do ::a1279:: end
do ::a1280:: end
do ::a1281:: end
do ::a1282:: end
do ::a1283:: end
do ::a1284:: end
do ::a1285:: end
do ::a1286:: end
do ::a1287:: end
do ::a1288:: end
do ::a1289:: end
do ::a1290:: end
do ::a1291:: end
do ::a1292:: end
do ::a1293:: end
do ::a1294:: end
do ::a1295:: end
do ::a1296:: end
do ::a1297:: end
do ::a1298:: end
do ::a1299:: end
do ::a1300:: end
do ::a1301:: end
do ::a1302:: end
do ::a1303:: end
do ::a1304:: end
do ::a1305:: end
do ::a1306:: end
do ::a1307:: end
do ::a1308:: end
do ::a1309:: end
do ::a1310:: end
do ::a1311:: end
do ::a1312:: end
do ::a1313:: end
do ::a1314:: end
do ::a1315:: end
do ::a1316:: end
do ::a1317:: end
do ::a1318:: end
do ::a1319:: end
do ::a1320:: end
do ::a1321:: end
do ::a1322:: end
do ::a1323:: end
do ::a1324:: end
do ::a1325:: end
do ::a1326:: end
do ::a1327:: end
do ::a1328:: end
do ::a1329:: end
do ::a1330:: end
do ::a1331:: end
do ::a1332:: end
do ::a1333:: end
do ::a1334:: end
do ::a1335:: end
do ::a1336:: end
do ::a1337:: end
do ::a1338:: end
do ::a1339:: end
do ::a1340:: end
do ::a1341:: end
do ::a1342:: end
do ::a1343:: end
do ::a1344:: end
do ::a1345:: end
do ::a1346:: end
do ::a1347:: end
do ::a1348:: end
do ::a1349:: end
do ::a1350:: end
do ::a1351:: end
do ::a1352:: end
do ::a1353:: end
do ::a1354:: end
do ::a1355:: end
do ::a1356:: end
do ::a1357:: end
do ::a1358:: end
do ::a1359:: end
do ::a1360:: end
do ::a1361:: end
do ::a1362:: end
do ::a1363:: end
do ::a1364:: end
do ::a1365:: end
do ::a1366:: end
do ::a1367:: end
do ::a1368:: end
do ::a1369:: end
do ::a1370:: end
do ::a1371:: end
do ::a1372:: end
do ::a1373:: end
do ::a1374:: end
do ::a1375:: end
do ::a1376:: end
do ::a1377:: end
do ::a1378:: end
do ::a1379:: end
do ::a1380:: end
do ::a1381:: end
do ::a1382:: end
do ::a1383:: end
do ::a1384:: end
do ::a1385:: end
do ::a1386:: end
do ::a1387:: end
do ::a1388:: end
do ::a1389:: end
do ::a1390:: end
do ::a1391:: end
do ::a1392:: end
do ::a1393:: end
do ::a1394:: end
do ::a1395:: end
do ::a1396:: end
do ::a1397:: end
do ::a1398:: end
do ::a1399:: end
do ::a1400:: end
do ::a1401:: end
do ::a1402:: end
do ::a1403:: end
do ::a1404:: end
do ::a1405:: end
do ::a1406:: end
do ::a1407:: end
do ::a1408:: end
do ::a1409:: end
do ::a1410:: end
do ::a1411:: end
do ::a1412:: end
do ::a1413:: end
do ::a1414:: end
do ::a1415:: end
do ::a1416:: end
do ::a1417:: end
do ::a1418:: end
do ::a1419:: end
do ::a1420:: end
do ::a1421:: end
do ::a1422:: end
do ::a1423:: end
do ::a1424:: end
do ::a1425:: end
do ::a1426:: end
do ::a1427:: end
do ::a1428:: end
do ::a1429:: end
do ::a1430:: end
do ::a1431:: end
do ::a1432:: end
do ::a1433:: end
do ::a1434:: end
do ::a1435:: end
do ::a1436:: end
do ::a1437:: end
do ::a1438:: end
do ::a1439:: end
do ::a1440:: end
do ::a1441:: end
do ::a1442:: end
do ::a1443:: end
do ::a1444:: end
do ::a1445:: end
do ::a1446:: end
do ::a1447:: end
do ::a1448:: end
do ::a1449:: end
do ::a1450:: end
do ::a1451:: end
do ::a1452:: end
do ::a1453:: end
do ::a1454:: end
do ::a1455:: end
do ::a1456:: end
do ::a1457:: end
do ::a1458:: end
do ::a1459:: end
do ::a1460:: end
do ::a1461:: end
do ::a1462:: end
do ::a1463:: end
do ::a1464:: end
do ::a1465:: end
do ::a1466:: end
do ::a1467:: end
do ::a1468:: end
do ::a1469:: end
do ::a1470:: end
do ::a1471:: end
do ::a1472:: end
do ::a1473:: end
do ::a1474:: end
do ::a1475:: end
do ::a1476:: end
do ::a1477:: end
do ::a1478:: end
do ::a1479:: end
do ::a1480:: end
do ::a1481:: end
do ::a1482:: end
do ::a1483:: end
do ::a1484:: end
do ::a1485:: end
do ::a1486:: end
do ::a1487:: end
do ::a1488:: end
do ::a1489:: end
do ::a1490:: end
do ::a1491:: end
do ::a1492:: end
do ::a1493:: end
do ::a1494:: end
do ::a1495:: end
do ::a1496:: end
do ::a1497:: end
do ::a1498:: end
do ::a1499:: end
do ::a1500:: end
do ::a1501:: end
do ::a1502:: end
do ::a1503:: end
do ::a1504:: end
do ::a1505:: end
do ::a1506:: end
do ::a1507:: end
do ::a1508:: end
do ::a1509:: end
do ::a1510:: end
do ::a1511:: end
do ::a1512:: end
do ::a1513:: end
do ::a1514:: end
do ::a1515:: end
do ::a1516:: end
do ::a1517:: end
do ::a1518:: end
do ::a1519:: end
do ::a1520:: end
do ::a1521:: end
do ::a1522:: end
do ::a1523:: end
do ::a1524:: end
do ::a1525:: end
do ::a1526:: end
do ::a1527:: end
do ::a1528:: end
do ::a1529:: end
do ::a1530:: end
do ::a1531:: end
do ::a1532:: end
do ::a1533:: end
do ::a1534:: end
do ::a1535:: end
do ::a1536:: end
do ::a1537:: end
do ::a1538:: end
do ::a1539:: end
do ::a1540:: end
do ::a1541:: end
do ::a1542:: end
do ::a1543:: end
do ::a1544:: end
do ::a1545:: end
do ::a1546:: end
do ::a1547:: end
do ::a1548:: end
do ::a1549:: end
do ::a1550:: end
do ::a1551:: end
do ::a1552:: end
do ::a1553:: end
do ::a1554:: end
do ::a1555:: end
do ::a1556:: end
do ::a1557:: end
do ::a1558:: end
do ::a1559:: end
do ::a1560:: end
do ::a1561:: end
do ::a1562:: end
do ::a1563:: end
do ::a1564:: end
do ::a1565:: end
do ::a1566:: end
do ::a1567:: end
do ::a1568:: end
do ::a1569:: end
do ::a1570:: end
do ::a1571:: end
do ::a1572:: end
do ::a1573:: end
do ::a1574:: end
do ::a1575:: end
do ::a1576:: end
do ::a1577:: end
do ::a1578:: end
do ::a1579:: end
do ::a1580:: end
do ::a1581:: end
do ::a1582:: end
do ::a1583:: end
do ::a1584:: end
do ::a1585:: end
do ::a1586:: end
do ::a1587:: end
do ::a1588:: end
do ::a1589:: end
do ::a1590:: end
do ::a1591:: end
do ::a1592:: end
do ::a1593:: end
do ::a1594:: end
do ::a1595:: end
do ::a1596:: end
do ::a1597:: end
do ::a1598:: end
do ::a1599:: end
do ::a1600:: end
do ::a1601:: end
do ::a1602:: end
do ::a1603:: end
do ::a1604:: end
do ::a1605:: end
do ::a1606:: end
do ::a1607:: end
do ::a1608:: end
do ::a1609:: end
do ::a1610:: end
do ::a1611:: end
do ::a1612:: end
do ::a1613:: end
do ::a1614:: end
do ::a1615:: end
do ::a1616:: end
do ::a1617:: end
do ::a1618:: end
do ::a1619:: end
do ::a1620:: end
do ::a1621:: end
do ::a1622:: end
do ::a1623:: end
do ::a1624:: end
do ::a1625:: end
do ::a1626:: end
do ::a1627:: end
do ::a1628:: end
do ::a1629:: end
do ::a1630:: end
do ::a1631:: end
do ::a1632:: end
do ::a1633:: end
do ::a1634:: end
do ::a1635:: end
do ::a1636:: end
do ::a1637:: end
do ::a1638:: end
do ::a1639:: end
do ::a1640:: end
do ::a1641:: end
do ::a1642:: end
do ::a1643:: end
do ::a1644:: end
do ::a1645:: end
do ::a1646:: end
do ::a1647:: end
do ::a1648:: end
do ::a1649:: end
do ::a1650:: end
do ::a1651:: end
do ::a1652:: end
do ::a1653:: end
do ::a1654:: end
do ::a1655:: end
do ::a1656:: end
do ::a1657:: end
do ::a1658:: end
do ::a1659:: end
do ::a1660:: end
do ::a1661:: end
do ::a1662:: end
do ::a1663:: end
do ::a1664:: end
do ::a1665:: end
do ::a1666:: end
do ::a1667:: end
do ::a1668:: end
do ::a1669:: end
do ::a1670:: end
do ::a1671:: end
do ::a1672:: end
do ::a1673:: end
do ::a1674:: end
do ::a1675:: end
do ::a1676:: end
do ::a1677:: end
do ::a1678:: end
do ::a1679:: end
do ::a1680:: end
do ::a1681:: end
do ::a1682:: end
do ::a1683:: end
do ::a1684:: end
do ::a1685:: end
do ::a1686:: end
do ::a1687:: end
do ::a1688:: end
do ::a1689:: end
do ::a1690:: end
do ::a1691:: end
do ::a1692:: end
do ::a1693:: end
do ::a1694:: end
do ::a1695:: end
do ::a1696:: end
do ::a1697:: end
do ::a1698:: end
do ::a1699:: end
do ::a1700:: end
do ::a1701:: end
do ::a1702:: end
do ::a1703:: end
do ::a1704:: end
do ::a1705:: end
do ::a1706:: end
do ::a1707:: end
do ::a1708:: end
do ::a1709:: end
do ::a1710:: end
do ::a1711:: end
do ::a1712:: end
do ::a1713:: end
do ::a1714:: end
do ::a1715:: end
do ::a1716:: end
do ::a1717:: end
do ::a1718:: end
do ::a1719:: end
do ::a1720:: end
do ::a1721:: end
do ::a1722:: end
do ::a1723:: end
do ::a1724:: end
do ::a1725:: end
do ::a1726:: end
do ::a1727:: end
do ::a1728:: end
do ::a1729:: end
do ::a1730:: end
do ::a1731:: end
do ::a1732:: end
do ::a1733:: end
do ::a1734:: end
do ::a1735:: end
do ::a1736:: end
do ::a1737:: end
do ::a1738:: end
do ::a1739:: end
do ::a1740:: end
do ::a1741:: end
do ::a1742:: end
do ::a1743:: end
do ::a1744:: end
do ::a1745:: end
do ::a1746:: end
do ::a1747:: end
do ::a1748:: end
do ::a1749:: end
do ::a1750:: end
do ::a1751:: end
do ::a1752:: end
do ::a1753:: end
do ::a1754:: end
do ::a1755:: end
do ::a1756:: end
do ::a1757:: end
do ::a1758:: end
do ::a1759:: end
do ::a1760:: end
do ::a1761:: end
do ::a1762:: end
do ::a1763:: end
do ::a1764:: end
do ::a1765:: end
do ::a1766:: end
do ::a1767:: end
do ::a1768:: end
do ::a1769:: end
do ::a1770:: end
do ::a1771:: end
do ::a1772:: end
do ::a1773:: end
do ::a1774:: end
do ::a1775:: end
do ::a1776:: end
do ::a1777:: end
do ::a1778:: end
do ::a1779:: end
do ::a1780:: end
do ::a1781:: end
do ::a1782:: end
do ::a1783:: end
do ::a1784:: end
do ::a1785:: end
do ::a1786:: end
do ::a1787:: end
do ::a1788:: end
do ::a1789:: end
do ::a1790:: end
do ::a1791:: end
do ::a1792:: end
do ::a1793:: end
do ::a1794:: end
do ::a1795:: end
do ::a1796:: end
do ::a1797:: end
do ::a1798:: end
do ::a1799:: end
do ::a1800:: end
do ::a1801:: end
do ::a1802:: end
do ::a1803:: end
do ::a1804:: end
do ::a1805:: end
do ::a1806:: end
do ::a1807:: end
do ::a1808:: end
do ::a1809:: end
do ::a1810:: end
do ::a1811:: end
do ::a1812:: end
do ::a1813:: end
do ::a1814:: end
do ::a1815:: end
do ::a1816:: end
do ::a1817:: end
do ::a1818:: end
do ::a1819:: end
do ::a1820:: end
do ::a1821:: end
do ::a1822:: end
do ::a1823:: end
do ::a1824:: end
do ::a1825:: end
do ::a1826:: end
do ::a1827:: end
do ::a1828:: end
do ::a1829:: end
do ::a1830:: end
do ::a1831:: end
do ::a1832:: end
do ::a1833:: end
do ::a1834:: end
do ::a1835:: end
do ::a1836:: end
do ::a1837:: end
do ::a1838:: end
do ::a1839:: end
do ::a1840:: end
do ::a1841:: end
do ::a1842:: end
do ::a1843:: end
do ::a1844:: end
do ::a1845:: end
do ::a1846:: end
do ::a1847:: end
do ::a1848:: end
do ::a1849:: end
do ::a1850:: end
do ::a1851:: end
do ::a1852:: end
do ::a1853:: end
do ::a1854:: end
do ::a1855:: end
do ::a1856:: end
do ::a1857:: end
do ::a1858:: end
do ::a1859:: end
do ::a1860:: end
do ::a1861:: end
do ::a1862:: end
do ::a1863:: end
do ::a1864:: end
do ::a1865:: end
do ::a1866:: end
do ::a1867:: end
do ::a1868:: end
do ::a1869:: end
do ::a1870:: end
do ::a1871:: end
do ::a1872:: end
do ::a1873:: end
do ::a1874:: end
do ::a1875:: end
do ::a1876:: end
do ::a1877:: end
do ::a1878:: end
do ::a1879:: end
do ::a1880:: end
do ::a1881:: end
do ::a1882:: end
do ::a1883:: end
do ::a1884:: end
do ::a1885:: end
do ::a1886:: end
do ::a1887:: end
do ::a1888:: end
do ::a1889:: end
do ::a1890:: end
do ::a1891:: end
do ::a1892:: end
do ::a1893:: end
do ::a1894:: end
do ::a1895:: end
do ::a1896:: end
do ::a1897:: end
do ::a1898:: end
do ::a1899:: end
do ::a1900:: end
do ::a1901:: end
do ::a1902:: end
do ::a1903:: end
do ::a1904:: end
do ::a1905:: end
do ::a1906:: end
do ::a1907:: end
do ::a1908:: end
do ::a1909:: end
do ::a1910:: end
do ::a1911:: end
do ::a1912:: end
do ::a1913:: end
do ::a1914:: end
do ::a1915:: end
do ::a1916:: end
do ::a1917:: end
do ::a1918:: end
do ::a1919:: end
do ::a1920:: end
do ::a1921:: end
do ::a1922:: end
do ::a1923:: end
do ::a1924:: end
do ::a1925:: end
do ::a1926:: end
do ::a1927:: end
do ::a1928:: end
do ::a1929:: end
do ::a1930:: end
do ::a1931:: end
do ::a1932:: end
do ::a1933:: end
do ::a1934:: end
do ::a1935:: end
do ::a1936:: end
do ::a1937:: end
do ::a1938:: end
do ::a1939:: end
do ::a1940:: end
do ::a1941:: end
do ::a1942:: end
do ::a1943:: end
do ::a1944:: end
do ::a1945:: end
do ::a1946:: end
do ::a1947:: end
do ::a1948:: end
do ::a1949:: end
do ::a1950:: end
do ::a1951:: end
do ::a1952:: end
do ::a1953:: end
do ::a1954:: end
do ::a1955:: end
do ::a1956:: end
do ::a1957:: end
do ::a1958:: end
do ::a1959:: end
do ::a1960:: end
do ::a1961:: end
do ::a1962:: end
do ::a1963:: end
do ::a1964:: end
do ::a1965:: end
do ::a1966:: end
do ::a1967:: end
do ::a1968:: end
do ::a1969:: end
do ::a1970:: end
do ::a1971:: end
do ::a1972:: end
do ::a1973:: end
do ::a1974:: end
do ::a1975:: end
do ::a1976:: end
do ::a1977:: end
do ::a1978:: end
do ::a1979:: end
do ::a1980:: end
do ::a1981:: end
do ::a1982:: end
do ::a1983:: end
do ::a1984:: end
do ::a1985:: end
do ::a1986:: end
do ::a1987:: end
do ::a1988:: end
do ::a1989:: end
do ::a1990:: end
do ::a1991:: end
do ::a1992:: end
do ::a1993:: end
do ::a1994:: end
do ::a1995:: end
do ::a1996:: end
do ::a1997:: end
do ::a1998:: end
do ::a1999:: end
do ::a2000:: end
do ::a2001:: end
do ::a2002:: end
do ::a2003:: end
do ::a2004:: end
do ::a2005:: end
do ::a2006:: end
do ::a2007:: end
do ::a2008:: end
do ::a2009:: end
do ::a2010:: end
do ::a2011:: end
do ::a2012:: end
do ::a2013:: end
do ::a2014:: end
do ::a2015:: end
do ::a2016:: end
do ::a2017:: end
do ::a2018:: end
do ::a2019:: end
do ::a2020:: end
do ::a2021:: end
do ::a2022:: end
do ::a2023:: end
do ::a2024:: end
do ::a2025:: end
do ::a2026:: end
do ::a2027:: end
do ::a2028:: end
do ::a2029:: end
do ::a2030:: end
do ::a2031:: end
do ::a2032:: end
do ::a2033:: end
do ::a2034:: end
do ::a2035:: end
do ::a2036:: end
do ::a2037:: end
do ::a2038:: end
do ::a2039:: end
do ::a2040:: end
do ::a2041:: end
do ::a2042:: end
do ::a2043:: end
do ::a2044:: end
do ::a2045:: end
do ::a2046:: end
do ::a2047:: end
do ::a2048:: end
do ::a2049:: end
do ::a2050:: end
do ::a2051:: end
do ::a2052:: end
do ::a2053:: end
do ::a2054:: end
do ::a2055:: end
do ::a2056:: end
do ::a2057:: end
do ::a2058:: end
do ::a2059:: end
do ::a2060:: end
do ::a2061:: end
do ::a2062:: end
do ::a2063:: end
do ::a2064:: end
do ::a2065:: end
do ::a2066:: end
do ::a2067:: end
do ::a2068:: end
do ::a2069:: end
do ::a2070:: end
do ::a2071:: end
do ::a2072:: end
do ::a2073:: end
do ::a2074:: end
do ::a2075:: end
do ::a2076:: end
do ::a2077:: end
do ::a2078:: end
do ::a2079:: end
do ::a2080:: end
do ::a2081:: end
do ::a2082:: end
do ::a2083:: end
do ::a2084:: end
do ::a2085:: end
do ::a2086:: end
do ::a2087:: end
do ::a2088:: end
do ::a2089:: end
do ::a2090:: end
do ::a2091:: end
do ::a2092:: end
do ::a2093:: end
do ::a2094:: end
do ::a2095:: end
do ::a2096:: end
do ::a2097:: end
do ::a2098:: end
do ::a2099:: end
do ::a2100:: end
do ::a2101:: end
do ::a2102:: end
do ::a2103:: end
do ::a2104:: end
do ::a2105:: end
do ::a2106:: end
do ::a2107:: end
do ::a2108:: end
do ::a2109:: end
do ::a2110:: end
do ::a2111:: end
do ::a2112:: end
do ::a2113:: end
do ::a2114:: end
do ::a2115:: end
do ::a2116:: end
do ::a2117:: end
do ::a2118:: end
do ::a2119:: end
do ::a2120:: end
do ::a2121:: end
do ::a2122:: end
do ::a2123:: end
do ::a2124:: end
do ::a2125:: end
do ::a2126:: end
do ::a2127:: end
do ::a2128:: end
do ::a2129:: end
do ::a2130:: end
do ::a2131:: end
do ::a2132:: end
do ::a2133:: end
do ::a2134:: end
do ::a2135:: end
do ::a2136:: end
do ::a2137:: end
do ::a2138:: end
do ::a2139:: end
do ::a2140:: end
do ::a2141:: end
do ::a2142:: end
do ::a2143:: end
do ::a2144:: end
do ::a2145:: end
do ::a2146:: end
do ::a2147:: end
do ::a2148:: end
do ::a2149:: end
do ::a2150:: end
do ::a2151:: end
do ::a2152:: end
do ::a2153:: end
do ::a2154:: end
do ::a2155:: end
do ::a2156:: end
do ::a2157:: end
do ::a2158:: end
do ::a2159:: end
do ::a2160:: end
do ::a2161:: end
do ::a2162:: end
do ::a2163:: end
do ::a2164:: end
do ::a2165:: end
do ::a2166:: end
do ::a2167:: end
do ::a2168:: end
do ::a2169:: end
do ::a2170:: end
do ::a2171:: end
do ::a2172:: end
do ::a2173:: end
do ::a2174:: end
do ::a2175:: end
do ::a2176:: end
do ::a2177:: end
do ::a2178:: end
do ::a2179:: end
do ::a2180:: end
do ::a2181:: end
do ::a2182:: end
do ::a2183:: end
do ::a2184:: end
do ::a2185:: end
do ::a2186:: end
do ::a2187:: end
do ::a2188:: end
do ::a2189:: end
do ::a2190:: end
do ::a2191:: end
do ::a2192:: end
do ::a2193:: end
do ::a2194:: end
do ::a2195:: end
do ::a2196:: end
do ::a2197:: end
do ::a2198:: end
do ::a2199:: end
do ::a2200:: end
do ::a2201:: end
do ::a2202:: end
do ::a2203:: end
do ::a2204:: end
do ::a2205:: end
do ::a2206:: end
do ::a2207:: end
do ::a2208:: end
do ::a2209:: end
do ::a2210:: end
do ::a2211:: end
do ::a2212:: end
do ::a2213:: end
do ::a2214:: end
do ::a2215:: end
do ::a2216:: end
do ::a2217:: end
do ::a2218:: end
do ::a2219:: end
do ::a2220:: end
do ::a2221:: end
do ::a2222:: end
do ::a2223:: end
do ::a2224:: end
do ::a2225:: end
do ::a2226:: end
do ::a2227:: end
do ::a2228:: end
do ::a2229:: end
do ::a2230:: end
do ::a2231:: end
do ::a2232:: end
do ::a2233:: end
do ::a2234:: end
do ::a2235:: end
do ::a2236:: end
do ::a2237:: end
do ::a2238:: end
do ::a2239:: end
do ::a2240:: end
do ::a2241:: end
do ::a2242:: end
do ::a2243:: end
do ::a2244:: end
do ::a2245:: end
do ::a2246:: end
do ::a2247:: end
do ::a2248:: end
do ::a2249:: end
do ::a2250:: end
do ::a2251:: end
do ::a2252:: end
do ::a2253:: end
do ::a2254:: end
do ::a2255:: end
do ::a2256:: end
do ::a2257:: end
do ::a2258:: end
do ::a2259:: end
do ::a2260:: end
do ::a2261:: end
do ::a2262:: end
do ::a2263:: end
do ::a2264:: end
do ::a2265:: end
do ::a2266:: end
do ::a2267:: end
do ::a2268:: end
do ::a2269:: end
do ::a2270:: end
do ::a2271:: end
do ::a2272:: end
do ::a2273:: end
do ::a2274:: end
do ::a2275:: end
do ::a2276:: end
do ::a2277:: end
do ::a2278:: end
do ::a2279:: end
do ::a2280:: end
do ::a2281:: end
do ::a2282:: end
do ::a2283:: end
do ::a2284:: end
do ::a2285:: end
do ::a2286:: end
do ::a2287:: end
do ::a2288:: end
do ::a2289:: end
do ::a2290:: end
do ::a2291:: end
do ::a2292:: end
do ::a2293:: end
do ::a2294:: end
do ::a2295:: end
do ::a2296:: end
do ::a2297:: end
do ::a2298:: end
do ::a2299:: end
do ::a2300:: end
do ::a2301:: end
do ::a2302:: end
do ::a2303:: end
do ::a2304:: end
do ::a2305:: end
do ::a2306:: end
do ::a2307:: end
do ::a2308:: end
do ::a2309:: end
do ::a2310:: end
do ::a2311:: end
do ::a2312:: end
do ::a2313:: end
do ::a2314:: end
do ::a2315:: end
do ::a2316:: end
do ::a2317:: end
do ::a2318:: end
do ::a2319:: end
do ::a2320:: end
do ::a2321:: end
do ::a2322:: end
do ::a2323:: end
do ::a2324:: end
do ::a2325:: end
do ::a2326:: end
do ::a2327:: end
do ::a2328:: end
do ::a2329:: end
do ::a2330:: end
do ::a2331:: end
do ::a2332:: end
do ::a2333:: end
do ::a2334:: end
do ::a2335:: end
do ::a2336:: end
do ::a2337:: end
do ::a2338:: end
do ::a2339:: end
do ::a2340:: end
do ::a2341:: end
do ::a2342:: end
do ::a2343:: end
do ::a2344:: end
do ::a2345:: end
do ::a2346:: end
do ::a2347:: end
do ::a2348:: end
do ::a2349:: end
do ::a2350:: end
do ::a2351:: end
do ::a2352:: end
do ::a2353:: end
do ::a2354:: end
do ::a2355:: end
do ::a2356:: end
do ::a2357:: end
do ::a2358:: end
do ::a2359:: end
do ::a2360:: end
do ::a2361:: end
do ::a2362:: end
do ::a2363:: end
do ::a2364:: end
do ::a2365:: end
do ::a2366:: end
do ::a2367:: end
do ::a2368:: end
do ::a2369:: end
do ::a2370:: end
do ::a2371:: end
do ::a2372:: end
do ::a2373:: end
do ::a2374:: end
do ::a2375:: end
do ::a2376:: end
do ::a2377:: end
do ::a2378:: end
do ::a2379:: end
do ::a2380:: end
do ::a2381:: end
do ::a2382:: end
do ::a2383:: end
do ::a2384:: end
do ::a2385:: end
do ::a2386:: end
do ::a2387:: end
do ::a2388:: end
do ::a2389:: end
do ::a2390:: end
do ::a2391:: end
do ::a2392:: end
do ::a2393:: end
do ::a2394:: end
do ::a2395:: end
do ::a2396:: end
do ::a2397:: end
do ::a2398:: end
do ::a2399:: end
do ::a2400:: end
do ::a2401:: end
do ::a2402:: end
do ::a2403:: end
do ::a2404:: end
do ::a2405:: end
do ::a2406:: end
do ::a2407:: end
do ::a2408:: end
do ::a2409:: end
do ::a2410:: end
do ::a2411:: end
do ::a2412:: end
do ::a2413:: end
do ::a2414:: end
do ::a2415:: end
do ::a2416:: end
do ::a2417:: end
do ::a2418:: end
do ::a2419:: end
do ::a2420:: end
do ::a2421:: end
do ::a2422:: end
do ::a2423:: end
do ::a2424:: end
do ::a2425:: end
do ::a2426:: end
do ::a2427:: end
do ::a2428:: end
do ::a2429:: end
do ::a2430:: end
do ::a2431:: end
do ::a2432:: end
do ::a2433:: end
do ::a2434:: end
do ::a2435:: end
do ::a2436:: end
do ::a2437:: end
do ::a2438:: end
do ::a2439:: end
do ::a2440:: end
do ::a2441:: end
do ::a2442:: end
do ::a2443:: end
do ::a2444:: end
do ::a2445:: end
do ::a2446:: end
do ::a2447:: end
do ::a2448:: end
do ::a2449:: end
do ::a2450:: end
do ::a2451:: end
do ::a2452:: end
do ::a2453:: end
do ::a2454:: end
do ::a2455:: end
do ::a2456:: end
do ::a2457:: end
do ::a2458:: end
do ::a2459:: end
do ::a2460:: end
do ::a2461:: end
do ::a2462:: end
do ::a2463:: end
do ::a2464:: end
do ::a2465:: end
do ::a2466:: end
do ::a2467:: end
do ::a2468:: end
do ::a2469:: end
do ::a2470:: end
do ::a2471:: end
do ::a2472:: end
do ::a2473:: end
do ::a2474:: end
do ::a2475:: end
do ::a2476:: end
do ::a2477:: end
do ::a2478:: end
do ::a2479:: end
do ::a2480:: end
do ::a2481:: end
do ::a2482:: end
do ::a2483:: end
do ::a2484:: end
do ::a2485:: end
do ::a2486:: end
do ::a2487:: end
do ::a2488:: end
do ::a2489:: end
do ::a2490:: end
do ::a2491:: end
do ::a2492:: end
do ::a2493:: end
do ::a2494:: end
do ::a2495:: end
do ::a2496:: end
do ::a2497:: end
do ::a2498:: end
do ::a2499:: end
