-- limit: error
do goto inner end do local x ::inner:: end
