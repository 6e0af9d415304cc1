-- limit: error
goto nowhere
